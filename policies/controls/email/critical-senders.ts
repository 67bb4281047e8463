import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';
import { conditionsOn } from '../../../lib/template/policy-condition';
import { coversAction, type PolicyStatement } from '../../../lib/template/policy-document';
import type { UnresolvedReading } from '../../../lib/template/reading';
import { oncePerObject } from '../../../lib/template/remember';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import type { ResourceDefinition } from '../../../lib/template/template';
import { matchesWildcard } from '../../../lib/template/wildcard';
import { isOnlyBoundary } from '../identity/boundary-policy';
import { identityDocuments, identityPolicyTypes } from '../identity/iam-documents';

/** Every way to send, of both interfaces of SES: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonses.html. */
const sending = [
  'ses:SendEmail',
  'ses:SendRawEmail',
  'ses:SendTemplatedEmail',
  'ses:SendBulkEmail',
  'ses:SendBulkTemplatedEmail',
];

/**
 * Documents that may speak of sending: nothing is read of the others, so that the record shows what counted. An action that is an intrinsic may be
 * any.
 */
const maySpeak = oncePerObject(({ properties }: ResourceDefinition) =>
  /"NotAction"|"Action":(?:\{|"(?:\*|s\*|se\*|ses:)|\[[^\]]*(?:\{|"(?:\*|s\*|se\*|ses:)))/i.test(
    JSON.stringify(properties ?? null),
  ),
);

/**
 * Whether a set that reaches suppressed addresses is kept to one role and to exact addresses that it sends from. A role whose policies leave
 * the set open is one more that may use it.
 */
export function judgeSenders(set: Subject, scope: Scope): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  const holders = new Set<string>();
  for (const subject of identityPolicyTypes.flatMap((type) => scope.resources(type))) {
    if (!maySpeak(subject.definition)) {
      continue;
    }
    const found = judgeSubject(subject, set, scope);
    outcomes.push(...found.outcomes);
    for (const holder of found.holders) {
      holders.add(holder);
    }
  }
  if (holders.size === 1) {
    return outcomes;
  }
  const many = finding('severalSenders', undefined, { senders: [...holders].join(', ') });
  return [...outcomes, holders.size === 0 ? finding('noSender') : many];
}

function judgeSubject(subject: Subject, set: Subject, scope: Scope) {
  const readings = identityDocuments(subject).map(({ reading }) => reading);
  const documents = readings.flatMap((reading) => (reading.kind === 'known' ? [reading.value] : []));
  const using = documents
    .flatMap(({ statements }) => statements)
    .filter(({ effect }) => effect === 'Allow')
    .map((statement) => ({ statement, answer: reaches(statement, set) }));
  const hidden = [
    ...readings.filter((reading) => reading.kind === 'unresolved'),
    ...documents.flatMap(({ unresolved }) => unresolved),
    ...using.flatMap(({ answer }) => (typeof answer === 'object' ? [answer] : [])),
  ];
  const reaching = using.filter(({ answer }) => answer === true).map(({ statement }) => statement);
  const policy = subject.logicalId;
  const outcomes: Outcome[] = hidden.map(({ reason, property }) =>
    notAssessed(`whether ${policy} may use it: ${reason}`, property),
  );
  if (reaching.length === 0 || (subject.type === 'AWS::IAM::ManagedPolicy' && isOnlyBoundary(subject, scope))) {
    return { outcomes, holders: [] };
  }
  const { names, unseen } = holdersOf(subject, scope);
  return {
    outcomes: [
      ...outcomes,
      ...unseen.map(({ reason, property }) => notAssessed(`who has the policy ${policy}: ${reason}`, property)),
      ...reaching
        .filter((statement) => !isFromOneAddress(statement))
        .map(({ conditionPath }) => finding('anySender', undefined, { policy, at: conditionPath })),
    ],
    holders: names,
  };
}

/** Resources come first: most statements that send name another set, and then nothing else of them counts. */
function reaches(statement: PolicyStatement, set: Subject): boolean | UnresolvedReading {
  const { form, values, unresolved } = statement.resources;
  const isReached = form === 'except' || values.some((value) => namesSet(value, set));
  if (!isReached && unresolved.length === 0) {
    return false;
  }
  const actions = sending.map((action) => coversAction(statement, action));
  if (!actions.some((answer) => answer.kind === 'known' && answer.value)) {
    const unseen = actions.find((answer) => answer.kind === 'unresolved');
    return unseen?.kind === 'unresolved' ? unseen : false;
  }
  return isReached || (unresolved[0] ?? false);
}

/**
 * Whether a resource of a policy may be the set: by its name, or by a pattern that has it in it. Pseudo parameters may be anything, another
 * reference is another resource; in which account and Region it lies counts for nothing, so that no template without a place is let pass.
 */
function namesSet(resource: string, set: Subject): boolean {
  const written = resource.replace(/\$\{AWS::\w+\}/g, '*');
  const [, , service = '', , , ...rest] = written.split(':');
  // A pattern that ends early goes on over every colon
  const isEarly = rest.length === 0 && written.endsWith('*');
  const name = set.at('Name').resolved;
  const names = [`\${${set.logicalId}}`, ...(name.kind === 'scalar' ? [String(name.value)] : [])];
  const isHere = names.some((each) => matchesWildcard(rest.join(':'), `configuration-set/${each}`));
  return /^\*+$/.test(written) || (matchesWildcard(isEarly ? service || '*' : service, 'ses') && (isEarly || isHere));
}

/** The address must be whole: a pattern is every address that somebody makes up for it. */
function isFromOneAddress(statement: PolicyStatement): boolean {
  return conditionsOn(statement, 'ses:FromAddress').some(
    ({ operator, quantifier, ifExists, values, unresolved }) =>
      /^String(Equals(IgnoreCase)?|Like)$/i.test(operator) &&
      quantifier === undefined &&
      !ifExists &&
      unresolved.length === 0 &&
      values.length > 0 &&
      values.every((value) => value.includes('@') && !/[*?]/.test(value)),
  );
}

/** Who has the policy: those that it names, and the roles that name it. */
function holdersOf(policy: Subject, scope: Scope) {
  if (!/Policy$/.test(policy.type)) {
    return { names: [policy.logicalId], unseen: [] };
  }
  const lists = ['Roles', 'Users', 'Groups', 'RoleName', 'UserName', 'GroupName'].map((path) => policy.items(path));
  const named = lists.flatMap((list) => (list.kind === 'known' ? list.value.map((item) => item.pattern()) : [list]));
  const attached = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'].flatMap((type) =>
    scope.referring(policy, type, 'ManagedPolicyArns.*'),
  );
  return {
    names: [
      ...named.flatMap((reading) => (reading.kind === 'known' ? [reading.value] : [])),
      ...attached.map(({ logicalId }) => `\${${logicalId}}`),
    ],
    unseen: named.filter((reading) => reading.kind === 'unresolved'),
  };
}
