import { defineControl, type JudgementContext } from '../../../lib/control/control';
import type { Parameter } from '../../../lib/control/parameter';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { coversAction, statementsOf } from '../../../lib/template/policy-document';
import type { Subject } from '../../../lib/template/subject';
import { entryJudges } from './api-entries';
import { storeType } from './policy-store';

const authzCacheTtl: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 0,
  unit: 'seconds',
  description: 'how long an authorisation may be remembered',
};

const task = 'AWS::ECS::TaskDefinition';
const asking = 'verifiedpermissions:IsAuthorized';

/** AUZ-02: ways in, and whether whoever answers there can ask who may do what. */
export const control = defineControl({
  id: 'auz-02',
  title: 'No way in goes without an authorisation, which is decided per action and remembered by nobody',
  family: 'authorisation',
  claims: [
    'cfeu-multilayer-access',
    'cfeu-api-ownership-check',
    'tdb-per-action-authz',
    'cfus-rbac-every-boundary',
    'cly-fine-grained',
  ],
  doesNotProve:
    'That the application behind a load balancer asks before each action, hands over who owns what is asked for, and obeys the answer: it can ask, as its role and environment show, and whoever builds it vouches for the rest with a test per operation that calls it with another tenant’s id. Nor that jobs and queues ask, which are no way in.',
  attested: true,
  parameters: { 'authz.cacheTtl': authzCacheTtl },
  messages: {
    missing: {
      violation: 'nothing that answers requests is deployed, so nothing is authorised',
      fix: 'deploy the application with a policy store that it asks',
    },
    open: {
      violation: '{name} answers whoever calls, without an authorisation: {property} is {value}',
      fix: 'set an authorizer, or AWS_IAM; what is public belongs behind the load balancer, with its firewall',
    },
    allInOne: {
      violation: '{name} takes every action by one route, which cannot be authorised one by one: {property} is {value}',
      fix: 'write one route per operation',
    },
    remembered: {
      violation: 'authorizer {name} remembers its answer for {seconds} seconds, promised are {most}',
      fix: 'set resultsCacheTtl: Duration.seconds({most})',
    },
    cannotAsk: {
      violation: 'the role of task {name} may ask no policy store who may do what',
      fix: 'allow verifiedpermissions:IsAuthorized on the store to its task role',
    },
    unaware: {
      violation: 'no container of task {name} is told which policy store to ask',
      fix: 'hand over the id of the store in the environment of the application',
    },
  },
  template: {
    judges: [...Object.keys(entryJudges), task],
    expects: 'at-least-one',
    judge: (subject, context) =>
      subject.type === task
        ? judgeTask(subject, context)
        : (entryJudges[subject.type]?.(subject, context.figures.number('authz.cacheTtl')) ??
          notAssessed('nothing judges this type')),
  },
});

/** A task that a load balancer hands requests to authorises by itself: at least it must be able to. */
function judgeTask(subject: Subject, { scope }: JudgementContext): Outcome | readonly Outcome[] {
  const services = scope.referring(subject, 'AWS::ECS::Service', 'TaskDefinition');
  if (!services.some((service) => service.at('LoadBalancers.0').resolved.kind !== 'absent')) {
    return notApplicable('no load balancer hands requests to it');
  }
  return [judgeRole(subject), judgeEnvironment(subject)];
}

function judgeRole(subject: Subject): Outcome {
  const place = subject.at('TaskRoleArn');
  if (place.resolved.kind === 'absent') {
    return finding('cannotAsk', place.path);
  }
  const role = place.resolved.kind === 'reference' ? place.reference() : undefined;
  if (role?.kind !== 'known') {
    return notAssessed('its role is not in the templates', place.path);
  }
  const answers = policiesOf(role.value.subject).map(mayAsk);
  return answers.includes(true)
    ? satisfied
    : answers.includes(undefined)
      ? notAssessed('what its role may do is not known', place.path)
      : finding('cannotAsk', place.path);
}

/** Policies in the role, attached to it, and those that name it from beside. */
function policiesOf(role: Subject): readonly Node[] {
  const inline = role.items('Policies');
  const attached = role.items('ManagedPolicyArns');
  const beside = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    role.scope.referring(role, type, 'Roles.*'),
  );
  return [
    ...(inline.kind === 'known' ? inline.value.map((policy) => policy.at('PolicyDocument')) : []),
    ...(attached.kind === 'known' ? attached.value.flatMap(documentAt) : []),
    ...beside.map((policy) => policy.at('PolicyDocument')),
  ];
}

function documentAt(policy: Node): readonly Node[] {
  const reference = policy.resolved.kind === 'reference' ? policy.reference() : undefined;
  return reference?.kind === 'known' ? [reference.value.subject.at('PolicyDocument')] : [];
}

/** Undefined where it cannot be told. */
function mayAsk(document: Node): boolean | undefined {
  const statements = statementsOf(document);
  if (statements.kind !== 'known') {
    return undefined;
  }
  const answers = statements.value.statements
    .filter(({ effect }) => effect === 'Allow')
    .map((statement) => coversAction(statement, asking));
  return answers.some((answer) => answer.kind === 'known' && answer.value)
    ? true
    : answers.some(({ kind }) => kind === 'unresolved') || statements.value.unresolved.length > 0
      ? undefined
      : false;
}

function judgeEnvironment(subject: Subject): Outcome {
  const containers = subject.items('ContainerDefinitions');
  if (containers.kind !== 'known') {
    return notAssessed('which containers run is not known', containers.property);
  }
  const variables = containers.value.map((container) => container.at('Environment').items());
  const values = variables.flatMap((list) => (list.kind === 'known' ? list.value.map((each) => each.at('Value')) : []));
  const told = values.find(({ resolved }) => resolved.kind === 'reference' && resolved.resource.type === storeType);
  if (told) {
    told.reference();
    return satisfied;
  }
  const isHidden =
    variables.some(({ kind }) => kind === 'unresolved') ||
    values.some(({ resolved }) => resolved.kind === 'unresolved');
  return isHidden
    ? notAssessed('what its containers are told is not known', 'ContainerDefinitions')
    : finding('unaware', 'ContainerDefinitions');
}
