import { finding, type Outcome } from '../../../lib/control/verdict';
import { isObject, type Json } from '../../../lib/template/parse';
import { isHumanWait } from './human-steps';
import { demandedBy, ends, listOf, type Machine, reachableFrom, type State } from './state-machine';

/** A call of AWS that separates something from the rest. */
interface Cut {
  /** What it separates. */
  readonly what: 'workload' | 'credential' | 'user' | 'network';
  /** Service and call, as Step Functions writes them. */
  readonly call: RegExp;
  /** Whether what is open ends with it. */
  readonly ends: (parameters: Json) => boolean;
  /** Another call with which it ends. */
  readonly together?: RegExp;
}

const always = () => true;
const never = () => false;

/**
 * A changed security group leaves tracked connections alone, a key that is switched off the sessions made with it, a disabled user the tokens
 * given to him.
 *
 * Sources: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html and
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableUser.html
 */
const cuts: readonly Cut[] = [
  { what: 'workload', call: /^ecs:stopTask$/i, ends: always },
  { what: 'workload', call: /^ecs:updateService$/i, ends: ({ DesiredCount: count }) => count === 0 },
  { what: 'workload', call: /^ec2:(stop|terminate)Instances$/i, ends: always },
  {
    what: 'workload',
    call: /^lambda:putFunctionConcurrency$/i,
    ends: ({ ReservedConcurrentExecutions: count }) => count === 0,
  },
  {
    what: 'credential',
    call: /^iam:attach(Role|User)Policy$/i,
    ends: ({ PolicyArn: arn }) => /\/AWSDenyAll$/.test(`${arn}`),
  },
  { what: 'credential', call: /^iam:put(Role|User)Policy$/i, ends: deniesOlder },
  {
    what: 'credential',
    call: /^iam:(update|delete)AccessKey$/i,
    ends: never,
    together: /^iam:(attach|put)(Role|User)Policy$/i,
  },
  {
    what: 'user',
    call: /^cognitoidentityprovider:adminDisableUser$/i,
    ends: never,
    together: /^cognitoidentityprovider:adminUserGlobalSignOut$/i,
  },
  {
    what: 'network',
    call: /^ec2:modify(NetworkInterface|Instance)Attribute$/i,
    ends: never,
    together: /^ec2:(replaceNetworkAclAssociation|createNetworkAclEntry|replaceNetworkAclEntry)$/i,
  },
];

/** Denies whatever was issued before, or everything at all times. */
function deniesOlder(parameters: Json): boolean {
  const text = JSON.stringify(parameters);
  return /Deny/.test(text) && (/aws:TokenIssueTime/i.test(text) || !/Condition/.test(text));
}

interface Call {
  readonly state: State;
  readonly cut: Cut;
}

function callOf({ body }: State): string {
  return /:aws-sdk:([a-z0-9]+:[A-Za-z0-9]+)$/.exec(String(body.Resource))?.[1] ?? '';
}

function cutsOf(machine: Machine): readonly Call[] {
  return [...machine.states.values()].flatMap((state) => {
    const cut = cuts.find(({ call }) => call.test(callOf(state)));
    return cut ? [{ state, cut }] : [];
  });
}

export function isContainment(machine: Machine): boolean {
  return cutsOf(machine).length > 0;
}

/** Everything that is wrong with how a machine cuts things off. */
export function containmentFaults(
  machine: Machine,
  { minutes, hasScaling }: { readonly minutes: number; readonly hasScaling: boolean },
): readonly Outcome[] {
  const reached = reachableFrom(machine, [machine.start]);
  const calls = cutsOf(machine).filter(({ state }) => reached.has(state.name));
  const missing = (['workload', 'credential'] as const).filter((what) => !calls.some(({ cut }) => cut.what === what));
  return [
    ...missing.map((what) => finding('notCut', undefined, { what })),
    ...calls
      .filter((call) => !isEnding(machine, call))
      .map(({ state }) => finding('sessionsLive', undefined, { state: state.name })),
    ...(hasScaling ? calls.filter((call) => comesBack(machine, call)) : []).map(({ state }) =>
      finding('comesBack', undefined, { state: state.name }),
    ),
    ...(isAutomatic(machine, calls) ? [] : [finding('manualOnly')]),
    ...slow(machine, minutes),
  ];
}

/** Whether what is open ends with a cut: by itself, or because no run that passes it misses the other call. */
function isEnding(machine: Machine, { state, cut }: Call): boolean {
  const parameters = isObject(state.body.Parameters) ? state.body.Parameters : {};
  const { together } = cut;
  if (!together) {
    return cut.ends(parameters);
  }
  const isPartner = (other: State) => together.test(callOf(other));
  const before = reachableFrom(machine, [machine.start], isPartner).has(state.name);
  const after = reachableFrom(machine, [state.name], isPartner);
  return !(before && ends(machine).some((end) => after.has(end)));
}

/** Scaling starts the tasks of a service again, unless it was put to sleep before. */
function comesBack(machine: Machine, { state }: Call): boolean {
  const sleeps = (other: State) =>
    /^applicationautoscaling:registerScalableTarget$/i.test(callOf(other)) &&
    /"DynamicScalingOutSuspended":true/.test(JSON.stringify(other.body.Parameters));
  return /^ecs:updateService$/i.test(callOf(state)) && reachableFrom(machine, [machine.start], sleeps).has(state.name);
}

/** Whether a workload is cut off without anybody's word: what only people start is not at once. */
function isAutomatic(machine: Machine, calls: readonly Call[]): boolean {
  const states = [...machine.states].map(([name, state]): [string, State] => [
    name,
    state.body.Type === 'Choice'
      ? { name, body: { ...state.body, Choices: listOf(state.body.Choices).filter((choice) => !needsPerson(choice)) } }
      : state,
  ]);
  const alone = reachableFrom({ ...machine, states: new Map(states) }, [machine.start], isHumanWait);
  return calls.some(({ state, cut }) => cut.what !== 'user' && alone.has(state.name));
}

function needsPerson(choice: Json): boolean {
  return demandedBy(choice).some((path) => /\.(approved|decided)\w*$/i.test(path));
}

function slow({ timeout }: Machine, minutes: number): readonly Outcome[] {
  return typeof timeout === 'number' && timeout > 0 && timeout <= minutes * 60
    ? []
    : [finding('tooSlow', undefined, { seconds: timeout ?? 'any number of', most: minutes * 60 })];
}

/** Ids of the resources that the network cuts of a machine name, such as the group that something is moved into. */
export function quarantinesOf(machine: Machine): readonly string[] {
  return cutsOf(machine)
    .filter(({ cut }) => cut.what === 'network')
    .flatMap(({ state }) => [...JSON.stringify(state.body.Parameters ?? {}).matchAll(/\$\{(\w+)(?:\.\w+)?\}/g)])
    .flatMap(([, id]) => (id === undefined ? [] : [id]));
}
