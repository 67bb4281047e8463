import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import type { Template } from '../../../lib/template/template';
import { ownRegion, regionsIn } from './region-names';

/** Settings that send data, keys or traffic of a resource to a Region, by its type: the Region's name, or an ARN that names it. */
const destinations: Readonly<Record<string, readonly string[]>> = {
  'AWS::Backup::BackupPlan': ['BackupPlan.BackupPlanRule.*.CopyActions.*.DestinationBackupVaultArn'],
  'AWS::Cognito::UserPool': ['EmailConfiguration.SourceArn', 'SmsConfiguration.SnsRegion'],
  'AWS::Cognito::UserPoolReplica': ['RegionName'],
  'AWS::DLM::LifecyclePolicy': [
    'CrossRegionCopyTargets.*.TargetRegion',
    'PolicyDetails.CrossRegionCopyTargets.*.TargetRegion',
    'PolicyDetails.Schedules.*.CrossRegionCopyRules.*',
    'PolicyDetails.Actions.*.CrossRegionCopy.*.Target',
  ],
  'AWS::DSQL::Cluster': ['MultiRegionProperties.WitnessRegion', 'MultiRegionProperties.Clusters.*'],
  'AWS::DynamoDB::GlobalTable': ['Replicas.*.Region'],
  'AWS::EC2::TransitGatewayPeeringAttachment': ['PeerRegion'],
  'AWS::EC2::VPCPeeringConnection': ['PeerRegion'],
  'AWS::ECR::ReplicationConfiguration': ['ReplicationConfiguration.Rules.*.Destinations.*.Region'],
  'AWS::EFS::FileSystem': ['ReplicationConfiguration.Destinations.*.Region'],
  'AWS::ElastiCache::GlobalReplicationGroup': ['Members.*.ReplicationGroupRegion'],
  'AWS::ImageBuilder::DistributionConfiguration': ['Distributions.*.Region'],
  'AWS::KMS::ReplicaKey': ['PrimaryKeyArn'],
  'AWS::RDS::DBCluster': ['SourceRegion'],
  'AWS::RDS::DBInstance': ['SourceRegion', 'AutomaticBackupReplicationRegion'],
  'AWS::Redshift::Cluster': ['DestinationRegion'],
  'AWS::SSMIncidents::ReplicationSet': ['Regions.*.RegionName'],
  'AWS::SecretsManager::Secret': ['ReplicaRegions.*.Region'],
  'AWS::Synthetics::Canary': ['Replicas.*.Location'],
  'Custom::CrossRegionExportReader': ['ReaderProps.region'],
  'Custom::CrossRegionExportWriter': ['WriterProps.region'],
  'Custom::CrossRegionStringParameterReader': ['Region'],
  'Custom::DynamoDBReplica': ['Region'],
};

/** Settings that send objects to a bucket, whose name and ARN say no Region. */
const buckets: Readonly<Record<string, readonly string[]>> = {
  'AWS::S3::Bucket': ['ReplicationConfiguration.Rules.*.Destination.Bucket'],
  'AWS::S3::MultiRegionAccessPoint': ['Regions.*.Bucket'],
};

/** Places that hand a copy to other accounts, by type. */
const shares: Readonly<Record<string, readonly string[]>> = {
  'AWS::DLM::LifecyclePolicy': ['PolicyDetails.Schedules.*.ShareRules.*.TargetAccounts.*'],
  'AWS::ImageBuilder::DistributionConfiguration': [
    'Distributions.*.AmiDistributionConfiguration.LaunchPermissionConfiguration.UserIds.*',
    'Distributions.*.AmiDistributionConfiguration.LaunchPermissionConfiguration.UserGroups.*',
    'Distributions.*.AmiDistributionConfiguration.LaunchPermissionConfiguration.OrganizationArns.*',
    'Distributions.*.AmiDistributionConfiguration.LaunchPermissionConfiguration.OrganizationalUnitArns.*',
  ],
};

/** Judges where a resource sends copies, and whom it hands them to. */
export function judgeCopies(subject: Subject, scope: Scope, promised: readonly string[]): readonly Outcome[] {
  const places = (table: Readonly<Record<string, readonly string[]>>) =>
    (table[subject.type] ?? []).flatMap((path) => placesAt(subject.root, path.split('.')));
  return [
    ...places(destinations).flatMap((place) => judgePlace(place, promised)),
    ...places(buckets).flatMap((place) => judgeReplica(place, scope, promised)),
    ...places(shares).flatMap(judgeAccount),
  ];
}

/** The places at a path through lists. A list that cannot be read stands for what it may hold; one that is not there holds nothing. */
function placesAt(node: Node, path: readonly string[]): readonly Node[] {
  const star = path.indexOf('*');
  if (star < 0) {
    return [path.length === 0 ? node : node.at(path.join('.'))];
  }
  const list = node.at(path.slice(0, star).join('.'));
  const items = list.items();
  return items.kind === 'known'
    ? items.value.flatMap((item) => placesAt(item, path.slice(star + 1)))
    : items.kind === 'unresolved'
      ? [list]
      : [];
}

function judgePlace(place: Node, promised: readonly string[]): readonly Outcome[] {
  switch (place.resolved.kind) {
    case 'absent':
      return isCopy(place) ? [notAssessed('it names no destination', place.path)] : [];
    case 'map': {
      // A copy rule of Data Lifecycle Manager: the newer name of its destination comes first.
      const target = place.at('Target');
      return judgePlace(target.resolved.kind === 'absent' ? place.at('TargetRegion') : target, promised);
    }
    case 'reference': {
      const target = place.reference();
      return target.kind === 'known' ? judgeHome(place, target.value.subject.template, promised) : [];
    }
    default: {
      const text = place.pattern();
      return text.kind === 'known'
        ? judgeText(place, text.value, promised)
        : [notAssessed(text.kind === 'absent' ? 'it names no destination' : text.reason, place.path)];
    }
  }
}

/** Whether a place belongs to something that is a copy, or is listed as one: then a destination that is not there is one that is not seen. */
function isCopy({ path, subject }: Node): boolean {
  return (
    /\.\d+\./.test(path) || /^(AWS::Cognito::UserPoolReplica|AWS::KMS::ReplicaKey|Custom::\w+)$/.test(subject.type)
  );
}

function judgeText(place: Node, text: string, promised: readonly string[]): readonly Outcome[] {
  const regions = regionsIn(text);
  const outside = regions.find((region) => !promised.includes(region));
  if (outside !== undefined) {
    return [finding('copyLeaves', place.path, { region: outside, promised: promised.join(', ') })];
  }
  return regions.length > 0 || text.includes(ownRegion)
    ? [satisfied]
    : [notAssessed(`'${text}' does not say which Region it is in`, place.path)];
}

/** Only the stack that makes a bucket says in which Region it lies. */
function judgeReplica(place: Node, scope: Scope, promised: readonly string[]): readonly Outcome[] {
  if (place.resolved.kind === 'reference') {
    return judgePlace(place, promised);
  }
  const text = place.pattern();
  if (text.kind !== 'known') {
    return [notAssessed(text.kind === 'absent' ? 'it names no bucket' : text.reason, place.path)];
  }
  const name = text.value.replace(/^arn:[^:]+:s3:::/, '');
  const bucket = scope.resources('AWS::S3::Bucket').find((each) => isNamed(each, name, place));
  return bucket
    ? judgeHome(place, bucket.template, promised)
    : [notAssessed(`in which Region the bucket ${name} lies is not in the templates`, place.path)];
}

/** By its name, or by a reference that stands inside an ARN: `arn:aws:s3:::${Bucket}`. */
function isNamed(bucket: Subject, name: string, place: Node): boolean {
  return name === `\${${bucket.logicalId}}` ? bucket.template === place.subject.template : nameOf(bucket) === name;
}

function nameOf(bucket: Subject): string | undefined {
  const { resolved } = bucket.at('BucketName');
  return resolved.kind === 'scalar' ? String(resolved.value) : undefined;
}

/** Where the stack of a destination is deployed. Its own stack's Region is judged by RES-01. */
function judgeHome(place: Node, home: Template, promised: readonly string[]): readonly Outcome[] {
  const { region } = home.origin;
  if (home === place.subject.template) {
    return [satisfied];
  }
  if (region === undefined || region === '') {
    return [notAssessed('the stack of its destination names no Region', place.path)];
  }
  return promised.includes(region)
    ? [satisfied]
    : [finding('copyLeaves', place.path, { region, promised: promised.join(', ') })];
}

function judgeAccount(place: Node): readonly Outcome[] {
  const text = place.pattern();
  if (text.kind !== 'known') {
    return text.kind === 'absent' ? [] : [notAssessed(text.reason, place.path)];
  }
  const own = place.subject.template.origin.account;
  return text.value === own || text.value === '${AWS::AccountId}'
    ? [satisfied]
    : [finding('shared', place.path, { account: text.value })];
}
