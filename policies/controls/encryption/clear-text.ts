import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { conditionsOn } from '../../../lib/template/policy-condition';
import {
  coversAction,
  deniesEveryone,
  type PolicyStatement,
  statementsOf,
} from '../../../lib/template/policy-document';
import type { Subject } from '../../../lib/template/subject';
import { matchesWildcard } from '../../../lib/template/wildcard';

/** Whether what an HTTP listener does leads nowhere but to HTTPS for good, or to a refusal. */
export function judgePlainActions(listener: Subject): readonly Outcome[] {
  const rules = listener.scope.referring(listener, 'AWS::ElasticLoadBalancingV2::ListenerRule', 'ListenerArn');
  const lists = [listener.items('DefaultActions'), ...rules.map((rule) => rule.items('Actions'))];
  return lists.flatMap((list) =>
    decide(list, {
      known: (actions) => (actions.length > 0 ? actions.flatMap(judgePlainAction) : finding('plaintext')),
      absent: () => finding('plaintext'),
    }),
  );
}

function judgePlainAction(action: Node): readonly Outcome[] {
  return decide(action.at('Type').text(), {
    known: (type) => {
      if (type === 'redirect') {
        return [
          // Absent means #{protocol}: a redirect to where it came from.
          ...isExactly(action.at('RedirectConfig.Protocol'), /^HTTPS$/),
          ...isExactly(action.at('RedirectConfig.StatusCode'), /^HTTP_30[18]$/),
        ];
      }
      return type === 'fixed-response'
        ? isExactly(action.at('FixedResponseConfig.StatusCode'), /^[45]/)
        : finding('plaintext');
    },
    absent: () => finding('plaintext'),
  });
}

function isExactly(node: Node, wanted: RegExp): readonly Outcome[] {
  return decide(node.text(), {
    known: (text) => (wanted.test(text) ? satisfied : finding('plaintext')),
    absent: () => finding('plaintext'),
  });
}

/** The leg between a load balancer and what answers behind it. */
export function judgeTargets(group: Subject): readonly Outcome[] {
  const targets = group.text('TargetType');
  if (targets.kind === 'known' && (targets.value === 'lambda' || targets.value === 'alb')) {
    return [
      notApplicable(targets.value === 'lambda' ? 'functions are called through AWS' : 'its own listeners decide'),
    ];
  }
  return decide(group.text('Protocol'), {
    known: (protocol) => {
      if (protocol === 'HTTPS' || protocol === 'TLS') {
        return satisfied;
      }
      return protocol === 'HTTP' ? finding('plainTarget') : notApplicable('the listener before it decides');
    },
    absent: () => notAssessed('which protocol its targets speak is not written'),
  });
}

/** Where the policies of a resource stand, and what requests in clear text must not do to it. */
const guards: Readonly<
  Record<
    string,
    { readonly policies: readonly (readonly [type: string, path: string])[]; readonly actions: readonly string[] }
  >
> = {
  'AWS::S3::Bucket': {
    policies: [['AWS::S3::BucketPolicy', 'Bucket']],
    actions: ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:DeleteObject'],
  },
  'AWS::SNS::Topic': {
    policies: [
      ['AWS::SNS::TopicPolicy', 'Topics.*'],
      ['AWS::SNS::TopicInlinePolicy', 'TopicArn'],
    ],
    actions: ['sns:Publish'],
  },
  'AWS::SQS::Queue': {
    policies: [
      ['AWS::SQS::QueuePolicy', 'Queues.*'],
      ['AWS::SQS::QueueInlinePolicy', 'Queue'],
    ],
    actions: ['sqs:SendMessage', 'sqs:ReceiveMessage'],
  },
};

export const guarded = Object.keys(guards);

/** Whether a policy denies everybody every request to a resource that does not come over TLS. */
export function judgeDeny(resource: Subject): readonly Outcome[] {
  const { policies = [], actions = [] } = guards[resource.type] ?? {};
  const found = policies.flatMap(([type, path]) => resource.scope.referring(resource, type, path));
  const read = found.map((policy) => statementsOf(policy.at('PolicyDocument')));
  const statements = read.flatMap((reading) => (reading.kind === 'known' ? reading.value.statements : []));
  const denials = statements.filter((statement) => deniesPlain(statement));
  const missing = actions.filter((action) => !denials.some((each) => covers(each, action, resource)));
  if (missing.length === 0) {
    return [satisfied];
  }
  const unread = read.flatMap((each) =>
    each.kind === 'known' ? each.value.unresolved : each.kind === 'unresolved' ? [each] : [],
  );
  const hidden = statements.flatMap(({ principals, actions: named, resources, conditions }) => [
    ...[...principals.unresolved, ...named.unresolved, ...resources.unresolved, ...conditions.unresolved],
    ...conditions.list.flatMap((condition) => condition.unresolved),
  ]);
  const [first] = [...unread, ...hidden];
  return [first ? notAssessed(first.reason) : finding('noDeny', undefined, { action: missing[0] })];
}

/** Any condition beside the one on transport lets clear text through where it does not hold. */
function deniesPlain(statement: PolicyStatement): boolean {
  const everyone = deniesEveryone(statement);
  const { list, unresolved } = statement.conditions;
  const plain = conditionsOn(statement, 'aws:SecureTransport').some(
    ({ operator, quantifier, values }) =>
      /^Bool$/i.test(operator) && quantifier === undefined && values.some((value) => value.toLowerCase() === 'false'),
  );
  return everyone.kind === 'known' && everyone.value && plain && list.length === 1 && unresolved.length === 0;
}

function covers(statement: PolicyStatement, action: string, resource: Subject): boolean {
  const named = coversAction(statement, action);
  const { form, values } = statement.resources;
  // A place within a bucket: only `/*` names every object.
  const within = /^s3:.*Object$/.test(action) ? '/any-object' : '';
  const arns = [
    `\${${resource.logicalId}.Arn}${within}`,
    `\${${resource.logicalId}}${within}`,
    ...literalArn(resource, within),
  ];
  const reached = form === 'only' && values.some((value) => arns.some((arn) => matchesWildcard(value, arn)));
  return named.kind === 'known' && named.value && reached;
}

/** The ARN that its literal name gives, which a policy may be written with. */
function literalArn(bucket: Subject, within: string): readonly string[] {
  const name = bucket.type === 'AWS::S3::Bucket' ? bucket.at('BucketName').resolved : undefined;
  return name?.kind === 'scalar'
    ? [`arn:aws:s3:::${name.value}${within}`, `arn:\${AWS::Partition}:s3:::${name.value}${within}`]
    : [];
}
