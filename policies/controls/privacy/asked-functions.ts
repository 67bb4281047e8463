import { coversAction, type PolicyStatement, statementsOf } from '../../../lib/template/policy-document';
import { oncePerObject } from '../../../lib/template/remember';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import type { Machine } from '../response/state-machine';

/** Functions that the steps of a process ask. */
export function functionsAsked(machine: Machine, from: Subject): readonly Subject[] {
  return askedBy(machine).flatMap((logicalId) => named('AWS::Lambda::Function', logicalId, from));
}

/** Resources that a text such as `${Id.Arn}` means: that of its own template, or, where it came from an output, any of the name. */
function named(type: string, logicalId: string, { scope, template }: Subject): readonly Subject[] {
  const all = scope.named(type, logicalId);
  const own = all.filter((each) => each.template === template);
  return own.length > 0 ? own : all;
}

/** Logical ids of the resources whose ARN a state holds as it stands. */
const askedBy = oncePerObject(({ states }: Machine): readonly string[] => {
  const text = JSON.stringify([...states.values()]);
  return [...new Set([...text.matchAll(/"\$\{([^}]*)\.Arn\}"/g)].flatMap(([, logicalId]) => logicalId ?? []))];
});

/** Roles that may be taken on, such as one that reaches what is of one tenant. */
export function takenOn(statements: readonly PolicyStatement[], from: Subject): readonly Subject[] {
  const places = statements
    .filter((statement) => allows(statement, 'sts:AssumeRole', () => true))
    .flatMap(({ resources }) => resources.values);
  return [...new Set(places)].flatMap((place) =>
    named('AWS::IAM::Role', /^\$\{([^}]*)\.Arn\}$/.exec(place)?.[1] ?? '', from),
  );
}

/** The role that a caller runs as, by the property that names it. */
export function roleOf(caller: Subject, property: string): readonly Subject[] {
  const role = caller.reference(property);
  return role.kind === 'known' ? [role.value.subject] : [];
}

/** All that a role may do or must not, by its own policies and by those that it is given. */
export function statementsOfRole(role: Subject, scope: Scope): readonly PolicyStatement[] {
  const attached = role.items('ManagedPolicyArns');
  const own = role.items('Policies');
  const documents = [
    ...(own.kind === 'known' ? own.value.map((policy) => policy.at('PolicyDocument')) : []),
    ...(attached.kind === 'known' ? attached.value : []).flatMap(({ resolved }) =>
      resolved.kind === 'reference' ? [scope.subject(resolved.resource).at('PolicyDocument')] : [],
    ),
    ...['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
      scope.referring(role, type, 'Roles.*').map((policy) => policy.at('PolicyDocument')),
    ),
  ];
  return documents.flatMap((document) => {
    const read = statementsOf(document);
    return read.kind === 'known' ? read.value.statements : [];
  });
}

/** Whether a statement allows an action on one of the places that it names. */
export function allows(statement: PolicyStatement, action: string, isThere: (place: string) => boolean): boolean {
  const covers = coversAction(statement, action);
  return (
    statement.effect === 'Allow' &&
    covers.kind === 'known' &&
    covers.value &&
    statement.resources.form === 'only' &&
    statement.resources.values.some(isThere)
  );
}
