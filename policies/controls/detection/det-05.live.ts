import {
  type Fact,
  factsIn,
  factsOf,
  flagIn,
  optionalFactIn,
  optionalTextIn,
  textIn,
  wordsIn,
} from '../../../lib/control/fact';
import {
  type AccountReader,
  couldNotLook,
  type LiveHalf,
  type LiveOutcome,
  type ReadResult,
} from '../../../lib/control/live';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { recordedOnceByIam } from './recorded-types';
import { judgeRules } from './rule-compliance';

const listings = ['recorders', 'recorderStatuses', 'channels', 'channelStatuses', 'rules', 'compliance'] as const;

type Listing = (typeof listings)[number];

/** The action of each listing, and the member of its answer that holds the items. */
const reads: Readonly<Record<Listing, readonly [action: string, items: string]>> = {
  recorders: ['config:DescribeConfigurationRecorders', 'ConfigurationRecorders'],
  recorderStatuses: ['config:DescribeConfigurationRecorderStatus', 'ConfigurationRecordersStatus'],
  channels: ['config:DescribeDeliveryChannels', 'DeliveryChannels'],
  channelStatuses: ['config:DescribeDeliveryChannelStatus', 'DeliveryChannelsStatus'],
  rules: ['config:DescribeConfigRules', 'ConfigRules'],
  compliance: ['config:DescribeComplianceByConfigRule', 'ComplianceByConfigRules'],
};

/** What AWS Config says of itself in one account and Region. */
export type ConfigFacts = Readonly<Record<Listing, ReadResult<readonly unknown[]>>> & { readonly accountId: string };

/** DET-05 in the running account: the recorder runs, what it records is delivered, and no rule is broken. */
export const liveHalf: LiveHalf<ConfigFacts> = {
  reads: listings.map((listing) => reads[listing][0]),
  expects: 'at-least-one',
  collect: async (account) => {
    const [recorders, recorderStatuses, channels, channelStatuses, rules, compliance] = await Promise.all([
      listed(account, 'recorders'),
      listed(account, 'recorderStatuses'),
      listed(account, 'channels'),
      listed(account, 'channelStatuses'),
      listed(account, 'rules'),
      listed(account, 'compliance'),
    ]);
    const { accountId } = account;
    return { accountId, recorders, recorderStatuses, channels, channelStatuses, rules, compliance };
  },
  judge: (facts, { figures }) => {
    const { accountId, recorders, rules, compliance } = facts;
    const unread = listings.flatMap((listing) => {
      const read = facts[listing];
      const [action] = reads[listing];
      return read.ok ? [] : [{ subject: accountId, type: 'AWS::Account', outcome: couldNotLook(action, read) }];
    });
    const recording = recorders.ok ? factsOf(recorders.value, 'ConfigurationRecorders') : [];
    if (recorders.ok && recording.length === 0) {
      // Whatever else could not be read: there is none
      return [...unread, { subject: accountId, type: 'AWS::Account', outcome: finding('missing') }];
    }
    return [
      ...unread,
      ...recording.flatMap((recorder) => judgeRecorder(recorder, facts, figures.choice('config.mode'))),
      ...judgeChannels(facts),
      ...(rules.ok && compliance.ok ? judgeRules(rules.value, compliance.value, accountId) : []),
    ];
  },
};

function listed(account: AccountReader, listing: Listing): Promise<ReadResult<readonly unknown[]>> {
  const [action, items] = reads[listing];
  return account.list(action, items);
}

function judgeRecorder(recorder: Fact, facts: ConfigFacts, mode: string): readonly LiveOutcome[] {
  const subject = textIn(recorder, 'name');
  const status = statusOf(subject, facts.recorderStatuses, 'ConfigurationRecordersStatus');
  const hasChannel = !facts.channels.ok || facts.channels.value.length > 0;
  const against: readonly Outcome[] = [
    ...(mode === 'CONTINUOUS' ? judgeFrequency(recorder) : []),
    ...judgeGroup(recorder),
    ...(hasChannel ? [] : [finding('noChannel')]),
    ...(facts.recorderStatuses.ok ? judgeRecording(status) : []),
  ];
  const observations = ['recordingMode', 'recordingGroup']
    .map((property) => ({ property, value: recorder[property] ?? null }))
    .concat(
      ['recording', 'lastStatus', 'lastStatusChangeTime'].map((property) => ({
        property,
        value: status?.[property] ?? null,
      })),
    );
  const type = 'AWS::Config::ConfigurationRecorder';
  // Without its status nothing is known of it, and the failed read says so
  const fine = facts.recorderStatuses.ok ? [satisfied] : [];
  return (against.length > 0 ? against : fine).map((outcome) => ({ subject, type, outcome, observations }));
}

function judgeFrequency(recorder: Fact): readonly Outcome[] {
  const mode = optionalFactIn(recorder, 'recordingMode') ?? {};
  // Recorders from before there was a choice have no mode: they are continuous
  const frequencies = [optionalTextIn(mode, 'recordingFrequency') ?? 'CONTINUOUS'].concat(
    factsIn(mode, 'recordingModeOverrides').map((override) => textIn(override, 'recordingFrequency')),
  );
  return frequencies.every((frequency) => frequency === 'CONTINUOUS') ? [] : [finding('infrequent', 'recordingMode')];
}

function judgeGroup(recorder: Fact): readonly Outcome[] {
  const group = optionalFactIn(recorder, 'recordingGroup') ?? {};
  const strategy = optionalTextIn(optionalFactIn(group, 'recordingStrategy') ?? {}, 'useOnly');
  const excluded = wordsIn(optionalFactIn(group, 'exclusionByResourceTypes') ?? {}, 'resourceTypes');
  const isWhole =
    strategy === 'EXCLUSION_BY_RESOURCE_TYPES'
      ? excluded.every((type) => recordedOnceByIam.has(type))
      : flagIn(group, 'allSupported');
  return isWhole ? [] : [finding('partial', 'recordingGroup')];
}

function judgeRecording(status: Fact | undefined): readonly Outcome[] {
  if (!status) {
    return [notAssessed('the account reports no status of it')];
  }
  if (!flagIn(status, 'recording')) {
    return [finding('recorderStopped', 'recording')];
  }
  switch (lastStatusOf(status)) {
    case 'success':
      return [];
    case 'failure':
      return [finding('recorderFails', 'lastStatus', { reason: reasonOf(status) })];
    default:
      return [notAssessed('whether what it records is kept is not known yet', 'lastStatus')];
  }
}

/** Kinds of deliveries; only the files are always there, a topic is the account's choice. */
const fileDeliveries = ['configHistoryDeliveryInfo', 'configSnapshotDeliveryInfo'];

function judgeChannels({ channels, channelStatuses }: ConfigFacts): readonly LiveOutcome[] {
  if (!channels.ok || !channelStatuses.ok) {
    return [];
  }
  return factsOf(channels.value, 'DeliveryChannels').flatMap((channel) => {
    const subject = textIn(channel, 'name');
    const status = statusOf(subject, channelStatuses, 'DeliveryChannelsStatus') ?? {};
    const deliveries = [...fileDeliveries, 'configStreamDeliveryInfo'].map((property) => {
      return { property, info: optionalFactIn(status, property) ?? {} };
    });
    const failing = deliveries
      .filter(({ info }) => lastStatusOf(info) === 'failure')
      .map(({ property, info }) => finding('channelFails', property, { reason: reasonOf(info) }));
    const delivers = deliveries.some(
      ({ property, info }) => fileDeliveries.includes(property) && lastStatusOf(info) === 'success',
    );
    const otherwise = delivers ? satisfied : notAssessed('it has not delivered a file yet');
    const observations = [
      { property: 's3BucketName', value: channel.s3BucketName ?? null },
      ...deliveries.map(({ property, info }) => ({ property, value: info.lastStatus ?? null })),
    ];
    const type = 'AWS::Config::DeliveryChannel';
    return (failing.length > 0 ? failing : [otherwise]).map((outcome) => ({ subject, type, outcome, observations }));
  });
}

function statusOf(name: string, statuses: ReadResult<readonly unknown[]>, member: string): Fact | undefined {
  return statuses.ok ? factsOf(statuses.value, member).find((status) => status.name === name) : undefined;
}

/** The service writes SUCCESS where its documentation has Success. */
function lastStatusOf(status: Fact): string | undefined {
  return optionalTextIn(status, 'lastStatus')?.toLowerCase();
}

function reasonOf(status: Fact): string {
  const words = [optionalTextIn(status, 'lastErrorCode'), optionalTextIn(status, 'lastErrorMessage')];
  return words.filter((word) => word !== undefined).join(': ') || 'a failure without a reason';
}
