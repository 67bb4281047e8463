import { addBeside, type ControlCases, change, remove, removeResource, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';
import { editState, editStates, machine } from './example-incident';

const rule = 'AWS::Events::Rule';
const alarm = 'AWS::CloudWatch::Alarm';
const policy = 'AWS::IAM::ManagedPolicy';
const group = 'AWS::EC2::SecurityGroup';

const call = (resource: string, parameters: Json, next: string): Json => ({
  Type: 'Task',
  Resource: `arn:aws:states:::aws-sdk:${resource}`,
  Parameters: parameters,
  Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }],
  Next: next,
});

const is = (kind: string, next: string): Json => ({ Variable: '$.target.kind', StringEquals: kind, Next: next });

const user: Json = { 'UserPoolId.$': '$.target.userPoolId', 'Username.$': '$.target.username' };

const definition: Json = {
  StartAt: 'Is a target named',
  TimeoutSeconds: 300,
  States: {
    'Is a target named': {
      Type: 'Choice',
      Choices: [
        is('task', 'StopTask'),
        { Variable: '$.target.approvedBy', StringGreaterThan: '', Next: 'What to cut' },
      ],
      Default: 'Approve',
    },
    Approve: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sns:publish.waitForTaskToken',
      Next: 'Is approved',
      ResultPath: '$.approve',
    },
    'Is approved': {
      Type: 'Choice',
      Choices: [{ Variable: '$.approve.approvedBy', StringGreaterThan: '', Next: 'What to cut' }],
      Default: 'Failed',
    },
    'What to cut': {
      Type: 'Choice',
      Choices: [is('service', 'SuspendScaling'), is('role', 'DenyRole'), is('user', 'DisableUser')],
      Default: 'Failed',
    },
    StopTask: call('ecs:stopTask', { Cluster: 'c', 'Task.$': '$.target.task' }, 'Done'),
    SuspendScaling: call(
      'applicationautoscaling:registerScalableTarget',
      { ResourceId: 'service/c/s', SuspendedState: { DynamicScalingOutSuspended: true } },
      'StopService',
    ),
    StopService: call('ecs:updateService', { Cluster: 'c', Service: 's', DesiredCount: 0 }, 'Done'),
    DenyRole: call(
      'iam:attachRolePolicy',
      { RoleName: 'application', PolicyArn: 'arn:aws:iam::aws:policy/AWSDenyAll' },
      'Done',
    ),
    DisableUser: call('cognitoidentityprovider:adminDisableUser', user, 'SignOutUser'),
    SignOutUser: call('cognitoidentityprovider:adminUserGlobalSignOut', user, 'Done'),
    Done: { Type: 'Succeed' },
    Failed: { Type: 'Fail' },
  },
};

const watch = (metric: string): Json => ({
  Type: alarm,
  Properties: {
    Namespace: 'AWS/States',
    MetricName: metric,
    Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: 'Containment' } }],
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    AlarmActions: ['arn:aws:sns:eu-central-1:111122223333:alerts'],
  },
});

const denyOnly: Json = { ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/AWSDenyAll' } };

const resources = (whole: Json, more: Json = {}): Json => ({
  Containment: {
    Type: machine,
    Properties: { DefinitionString: JSON.stringify(whole), RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } },
  },
  Role: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: [{ Ref: 'Policy' }] } },
  Policy: {
    Type: policy,
    Properties: {
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: ['ecs:StopTask'], Resource: 'arn:aws:ecs:eu-central-1:111122223333:task/c/*' },
          {
            Effect: 'Allow',
            Action: 'iam:AttachRolePolicy',
            Resource: 'arn:aws:iam::111122223333:role/application',
            Condition: denyOnly,
          },
        ],
      },
    },
  },
  Failed: watch('ExecutionsFailed'),
  TimedOut: watch('ExecutionsTimedOut'),
  Scaling: {
    Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
    Properties: { ServiceNamespace: 'ecs', MinCapacity: 2, MaxCapacity: 8 },
  },
  Finding: {
    Type: rule,
    Properties: {
      State: 'ENABLED',
      EventPattern: {
        source: ['aws.guardduty'],
        'detail-type': ['GuardDuty Finding'],
        detail: { severity: [{ numeric: ['>=', 7] }], resource: { resourceType: ['ECSCluster'] } },
      },
      Targets: [{ Id: 'Containment', Arn: { Ref: 'Containment' } }],
    },
  },
  ...more,
});

/** The same machine with other states beside it. */
function withStates(states: Json, start: Json = {}): Json {
  return { ...definition, ...start, States: { ...(definition.States as Json), ...states } };
}

const instance = withStates({
  Move: call(
    'ec2:modifyNetworkInterfaceAttribute',
    { 'NetworkInterfaceId.$': '$.target.interface', Groups: ['${Quarantine.GroupId}'] },
    'CutConnections',
  ),
  CutConnections: call('ec2:replaceNetworkAclAssociation', { NetworkAclId: 'acl-1' }, 'Done'),
  'Is a target named': {
    Type: 'Choice',
    Choices: [is('task', 'StopTask'), is('interface', 'Move')],
    Default: 'Approve',
  },
});

const moved: Json = {
  ...resources(instance, {
    Quarantine: {
      Type: group,
      Properties: {
        GroupDescription: 'nothing in, nothing out',
        SecurityGroupIngress: [],
        SecurityGroupEgress: [{ IpProtocol: 'icmp', CidrIp: '255.255.255.255/32' }],
      },
    },
  }),
};
(moved.Containment as Json).Properties = {
  ...((moved.Containment as Json).Properties as Json),
  DefinitionString: { 'Fn::Sub': JSON.stringify(instance) },
};

const older = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:TokenIssueTime': '2026-11-29T09:00:00Z' } },
    },
  ],
};

const usual = 'tasks by themselves, the rest with a word';
const byTime = 'a deny of what was issued before';
const quarantine = 'a quarantine group with an access list';

const written = withStates({
  DenyRole: call('iam:putRolePolicy', { RoleName: 'application', PolicyDocument: JSON.stringify(older) }, 'Done'),
});

export const cases: ControlCases = {
  compliant: {
    [usual]: { template: { Resources: resources(definition) } },
    [byTime]: { template: { Resources: resources(written) } },
    [quarantine]: { template: { Resources: moved } },
    'ten minutes, where that is promised': {
      figures: { 'ir.containMinutes': 10 },
      template: { Resources: resources({ ...definition, TimeoutSeconds: 600 }) },
    },
  },
  mutations: [
    {
      name: 'there is no containment',
      of: usual,
      edit: removeResource(machine),
      expect: { message: 'missing', at: '' },
    },
    {
      name: 'no workload is cut off',
      of: usual,
      edit: editStates((states) => {
        for (const name of ['StopTask', 'StopService']) {
          (states[name] as Json).Resource = 'arn:aws:states:::aws-sdk:ecs:describeTasks';
        }
        // Credentials without anybody's word, so that something is cut off by itself
        (states['Is a target named'] as Json).Choices = [is('task', 'StopTask'), is('role', 'DenyRole')];
      }),
      expect: { message: 'notCut' },
    },
    {
      name: 'no credential is cut off',
      of: usual,
      edit: editState('DenyRole', (state) => {
        state.Resource = 'arn:aws:states:::aws-sdk:iam:getRole';
      }),
      expect: { message: 'notCut' },
    },
    {
      name: 'trap 44: a key is switched off, and the sessions made with it live on',
      of: usual,
      edit: editStates((states) => {
        const deny = states.DenyRole as Json;
        deny.Resource = 'arn:aws:states:::aws-sdk:iam:updateAccessKey';
        deny.Parameters = { AccessKeyId: 'key', Status: 'Inactive' };
      }),
      expect: { message: 'sessionsLive' },
    },
    {
      name: 'the policy that is attached denies nothing',
      of: usual,
      edit: editState('DenyRole', (state) => {
        state.Parameters = { RoleName: 'application', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' };
      }),
      expect: { message: 'sessionsLive' },
    },
    {
      name: 'the deny that is written spares whoever is signed in',
      of: byTime,
      edit: editState('DenyRole', (state) => {
        state.Parameters = JSON.parse(
          JSON.stringify(state.Parameters).replace('aws:TokenIssueTime', 'aws:CurrentTime'),
        );
      }),
      expect: { message: 'sessionsLive' },
      notShipped: 'ours attaches the policy that denies everything',
    },
    {
      name: 'trap 44: one task less is asked for, and the service goes on',
      of: usual,
      edit: editState('StopService', (state) => {
        (state.Parameters as Json).DesiredCount = 1;
      }),
      expect: { message: 'sessionsLive' },
    },
    {
      name: 'a disabled user keeps his tokens',
      of: usual,
      edit: editState('DisableUser', (state) => {
        state.Next = 'Done';
      }),
      expect: { message: 'sessionsLive' },
    },
    {
      name: 'trap 44: a group is changed, and tracked connections live on',
      of: quarantine,
      edit: change(machine, (properties) => {
        const text = JSON.stringify(properties.DefinitionString);
        properties.DefinitionString = JSON.parse(
          text.replace('\\"Next\\":\\"CutConnections\\"', '\\"Next\\":\\"Done\\"'),
        );
      }),
      expect: { message: 'sessionsLive' },
      notShipped: 'nothing of ours is moved into a group',
    },
    {
      name: 'the quarantine still lets everything out',
      of: quarantine,
      edit: set(group, 'SecurityGroupEgress', [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }]),
      expect: { message: 'openQuarantine', at: 'Containment' },
      notShipped: 'nothing of ours is moved into a group',
    },
    {
      name: 'the quarantine has no rule out, and is given one to everywhere',
      of: quarantine,
      edit: remove(group, 'SecurityGroupEgress'),
      expect: { message: 'openQuarantine', at: 'Containment' },
      notShipped: 'nothing of ours is moved into a group',
    },
    {
      name: 'the quarantine lets somebody in',
      of: quarantine,
      edit: set(group, 'SecurityGroupIngress', [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '10.0.0.0/8' }]),
      expect: { message: 'openQuarantine', at: 'Containment' },
      notShipped: 'nothing of ours is moved into a group',
    },
    {
      name: 'another resource opens the quarantine',
      of: quarantine,
      edit: addBeside(group, 'Door', (beside) => ({
        Type: 'AWS::EC2::SecurityGroupEgress',
        Properties: { GroupId: { 'Fn::GetAtt': [beside, 'GroupId'] }, IpProtocol: '-1', CidrIp: '0.0.0.0/0' },
      })),
      expect: { message: 'openQuarantine', at: 'Containment' },
      notShipped: 'nothing of ours is moved into a group',
    },
    {
      name: 'trap 44: scaling starts again what was stopped',
      of: usual,
      edit: editState('What to cut', (state) => {
        state.Choices = [is('service', 'StopService'), is('role', 'DenyRole'), is('user', 'DisableUser')];
      }),
      expect: { message: 'comesBack' },
    },
    {
      name: 'scaling sleeps inwards only',
      of: usual,
      edit: editState('SuspendScaling', (state) => {
        (state.Parameters as Json).SuspendedState = { DynamicScalingInSuspended: true };
      }),
      expect: { message: 'comesBack' },
    },
    {
      name: 'everything waits for a person',
      of: usual,
      edit: editState('Is a target named', (state) => {
        state.Choices = [];
      }),
      expect: { message: 'manualOnly' },
    },
    {
      name: 'no finding starts it',
      of: usual,
      edit: change(machine, (_properties, template) => {
        const all = template.Resources as Json;
        template.Resources = Object.fromEntries(Object.entries(all).filter(([, each]) => (each as Json).Type !== rule));
      }),
      expect: { message: 'notTriggered' },
    },
    {
      name: 'the rule that starts it is off',
      of: usual,
      edit: set(rule, 'State', 'DISABLED'),
      expect: { message: 'notTriggered', at: 'Containment' },
      shippedWhere: isAboutTasks,
    },
    {
      name: 'only critical findings start it',
      of: usual,
      edit: set(rule, 'EventPattern.detail.severity', [{ numeric: ['>=', 9] }]),
      expect: { message: 'notTriggered', at: 'Containment' },
      shippedWhere: isAboutTasks,
    },
    {
      name: 'findings of another service start it',
      of: usual,
      edit: set(rule, 'EventPattern.source', ['aws.macie']),
      expect: { message: 'notTriggered', at: 'Containment' },
      shippedWhere: isAboutTasks,
    },
    {
      name: 'it may take an hour',
      of: usual,
      edit: editStates((_states, whole) => {
        whole.TimeoutSeconds = 3600;
      }),
      expect: { message: 'tooSlow' },
    },
    {
      name: 'it may take as long as it likes',
      of: usual,
      edit: editStates((_states, whole) => {
        delete whole.TimeoutSeconds;
      }),
      expect: { message: 'tooSlow' },
    },
    {
      name: 'nobody hears of a containment that failed',
      of: usual,
      edit: removeResource(alarm),
      target: 'Failed',
      expect: { message: 'failsSilently', at: 'Containment' },
      shippedWhere: isAboutContainment,
    },
    {
      name: 'nobody hears of a containment that was not done in time',
      of: usual,
      edit: set(alarm, 'MetricName', 'ExecutionsSucceeded'),
      target: 'TimedOut',
      expect: { message: 'failsSilently', at: 'Containment' },
      shippedWhere: isAboutContainment,
    },
    {
      name: 'the alarm of a containment is off',
      of: usual,
      edit: set(alarm, 'ActionsEnabled', false),
      target: 'Failed',
      expect: { message: 'failsSilently', at: 'Containment' },
      shippedWhere: isAboutContainment,
    },
    {
      name: 'the alarm of a containment waits for ten of them',
      of: usual,
      edit: set(alarm, 'Threshold', 10),
      target: 'Failed',
      expect: { message: 'failsSilently', at: 'Containment' },
      shippedWhere: isAboutContainment,
    },
    {
      name: 'it may attach any policy',
      of: usual,
      edit: editStatement('iam:AttachRolePolicy', (statement) => {
        delete statement.Condition;
      }),
      expect: { message: 'mightRaise', at: 'Containment' },
      shippedWhere: ({ Properties: properties }) => JSON.stringify(properties).includes('iam:AttachRolePolicy'),
    },
    {
      name: 'it may attach the policy of administrators too',
      of: usual,
      edit: editStatement('iam:AttachRolePolicy', (statement) => {
        statement.Condition = {
          ArnEquals: {
            'iam:PolicyARN': ['arn:aws:iam::aws:policy/AWSDenyAll', 'arn:aws:iam::aws:policy/AdministratorAccess'],
          },
        };
      }),
      expect: { message: 'mightRaise', at: 'Containment' },
      shippedWhere: ({ Properties: properties }) => JSON.stringify(properties).includes('iam:AttachRolePolicy'),
    },
    {
      name: 'it may do everything',
      of: usual,
      edit: editStatement('ecs:', (statement) => {
        statement.Action = '*';
        statement.Resource = '*';
      }),
      expect: { message: 'mightRaise', at: 'Containment' },
      shippedWhere: ({ Properties: properties }) => JSON.stringify(properties).includes('iam:AttachRolePolicy'),
    },
    {
      name: 'it may write policies into any role',
      of: usual,
      edit: editStatement('ecs:', (statement) => {
        statement.Action = ['iam:PutRolePolicy'];
        statement.Resource = 'arn:aws:iam::111122223333:role/*';
      }),
      expect: { message: 'mightRaise', at: 'Containment' },
      shippedWhere: ({ Properties: properties }) => JSON.stringify(properties).includes('iam:AttachRolePolicy'),
    },
  ],
  others: [
    {
      name: 'a machine that cuts nothing off is no concern',
      template: {
        Resources: {
          Orders: {
            Type: machine,
            Properties: { DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}' },
          },
        },
      },
      presentOnly: true,
      expect: { Orders: 'not-applicable' },
    },
    {
      name: 'what a document of Systems Manager cuts off is not assessed',
      template: { Resources: { Isolate: { Type: 'AWS::SSM::Document', Properties: { DocumentType: 'Automation' } } } },
      expect: { '': 'not-assessed' },
    },
    {
      name: 'a role that is not here is not assessed',
      template: {
        Resources: {
          ...resources(definition),
          Containment: {
            Type: machine,
            Properties: {
              DefinitionString: JSON.stringify(definition),
              RoleArn: 'arn:aws:iam::111122223333:role/theirs',
            },
          },
        },
      },
      expect: { Containment: 'not-assessed' },
    },
    {
      name: 'a definition in a file is not assessed',
      template: {
        Resources: { Process: { Type: machine, Properties: { DefinitionS3Location: { Bucket: 'b', Key: 'k' } } } },
      },
      expect: { Process: 'not-assessed' },
    },
  ],
  absentKeeps: {
    [`${rule}: State`]: 'on: the page of the resource',
    [`${alarm}: ActionsEnabled`]: 'true: the page of the resource',
    [`${group}: SecurityGroupIngress`]: 'nothing comes in: the page of the resource',
  },
  indifferent: {
    [`${rule}: State`]: 'only the word DISABLED switches a rule off',
  },
};

function isAboutTasks({ Properties: properties }: Json): boolean {
  return /ECSCluster/.test(JSON.stringify(properties));
}

function isAboutContainment({ Properties: properties }: Json): boolean {
  return /AWS\/States/.test(JSON.stringify(properties)) && /"Ref":"Containment/.test(JSON.stringify(properties));
}

/** Changes the statement of a policy that names an action. */
function editStatement(action: string, edit: (statement: Json) => void) {
  return change(policy, ({ PolicyDocument: document }) => {
    const statements = (document as Json).Statement as Json[];
    const found = statements.find((statement) => JSON.stringify(statement.Action).includes(action));
    if (!found) {
      throw new Error(`the policy names no action '${action}'`);
    }
    edit(found);
  });
}
