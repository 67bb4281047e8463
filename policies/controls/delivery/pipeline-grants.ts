import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { type PolicyStatement, statementsOf } from '../../../lib/template/policy-document';
import type { Subject } from '../../../lib/template/subject';

/** Policies that name the role which they are for. */
const attachedBy: readonly (readonly [string, string])[] = [
  ['AWS::IAM::ManagedPolicy', 'Roles.*'],
  ['AWS::IAM::Policy', 'Roles.*'],
  ['AWS::IAM::RolePolicy', 'RoleName'],
];

/** A role of the CDK's bootstrap, whole: an asterisk would reach those of other apps, and roles that look alike. */
const bootstrapRole = /:role\/cdk-[^*?/]+-(deploy|file-publishing|image-publishing|lookup)-role-[^*?/]+$/;

/** Judges what a pipeline may do: take on roles of the CDK's bootstrap, which are judged where they are made, and nothing by itself. */
export function judgePipelineGrants(role: Subject): readonly Outcome[] {
  const documents = [
    ...inlineDocuments(role),
    ...attachedBy.flatMap(([type, path]) =>
      role.scope.referring(role, type, path).map((policy) => policy.at('PolicyDocument')),
    ),
  ];
  return [...documents.flatMap(judgeDocument), ...judgeManaged(role)];
}

function inlineDocuments(role: Subject): readonly Node[] {
  const policies = role.items('Policies');
  return policies.kind === 'known'
    ? policies.value.map((policy) => policy.at('PolicyDocument'))
    : policies.kind === 'absent'
      ? []
      : [role.at('Policies')];
}

function judgeDocument(place: Node): readonly Outcome[] {
  return decide(statementsOf(place), {
    known: ({ statements, unresolved }) => [
      ...unresolved.map(({ reason, property }) => notAssessed(reason, property)),
      ...statements.filter(({ effect }) => effect === 'Allow').flatMap(judgeGrant),
    ],
    absent: () => notAssessed('a policy without a document gives nobody knows what'),
  });
}

function judgeGrant({ actions, resources, actionPath, property }: PolicyStatement): readonly Outcome[] {
  const hidden = [...actions.unresolved, ...resources.unresolved].map(({ reason, property: place }) =>
    notAssessed(reason, place),
  );
  const more = actions.values.find((action) => !/^sts:(AssumeRole|TagSession)$/i.test(action));
  if (actions.form !== 'only' || more !== undefined) {
    return [...hidden, finding('morePower', actionPath, { what: more ?? 'everything but some actions' })];
  }
  const other = resources.values.find((resource) => !bootstrapRole.test(resource));
  return resources.form !== 'only' || other !== undefined
    ? [...hidden, finding('otherRoles', property, { resource: other ?? 'every role but some' })]
    : hidden;
}

/** Policies that a role names itself: those of the same templates are judged there, all others are somebody else's. */
function judgeManaged(role: Subject): readonly Outcome[] {
  return decide(role.items('ManagedPolicyArns'), {
    known: (items) =>
      items.flatMap((item): readonly Outcome[] => {
        const reference = item.reference();
        if (reference.kind === 'known') {
          return judgeDocument(reference.value.subject.at('PolicyDocument'));
        }
        return decide(item.pattern(), {
          known: (what) => finding('morePower', item.path, { what }),
          absent: () => [],
        });
      }),
    absent: () => [],
  });
}
