import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import type { Figures } from '../../../lib/control/parameter';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { isObject } from '../../../lib/template/parse';
import type { Subject } from '../../../lib/template/subject';
import { backupPitrDays } from '../parameters';
import { dataBucket } from './data-buckets';

const databases = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster'];
const tables = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable', 'AWS::Cassandra::Table'];

/** Stores of data whose recovery this control does not know: named where they occur, never passed over. */
const unjudged = [
  'AWS::DSQL::Cluster',
  'AWS::DocDBElastic::Cluster',
  'AWS::EFS::FileSystem',
  'AWS::FSx::FileSystem',
  'AWS::Lightsail::Database',
  'AWS::MemoryDB::Cluster',
  'AWS::NeptuneGraph::Graph',
  'AWS::OpenSearchService::Domain',
  'AWS::QLDB::Ledger',
  'AWS::Redshift::Cluster',
  'AWS::RedshiftServerless::Namespace',
  'AWS::S3Express::DirectoryBucket',
  'AWS::S3Tables::TableBucket',
  'AWS::Timestream::InfluxDBInstance',
  'AWS::Timestream::Table',
];

/** BCK-01: databases, tables, and buckets that hold data. */
export const control = defineControl({
  id: 'bck-01',
  title:
    'Every database and table can be restored to any moment of the promised window, and buckets keep what is replaced',
  family: 'backup',
  claims: ['cfus-pitr-7d', 'cly-aurora-automated-backups', 'cly-backup-7d-pitr', 'cly-backup-rolling-7d'],
  doesNotProve:
    'That a restore works (bck-04), that copies leave the account (bck-02, bck-03), and that a bucket as a whole can be set back to a moment: versions bring back objects one by one. Daily and weekly copies are judged by bck-02.',
  runbook: 'widen-recovery-window',
  parameters: { 'backup.pitrDays': backupPitrDays },
  messages: {
    missing: {
      violation: 'no database or table is deployed, so nothing keeps the promise of point-in-time recovery',
      fix: 'deploy the database with a backup retention',
    },
    tooShort: {
      violation: '{name} can be restored for {days} days by {property}, promised are at least {floor}',
      fix: 'set the backup retention to {floor} days or more',
    },
    tooLong: {
      violation: '{name} can be restored for {days} days by {property}, promised are at most {ceiling}',
      fix: 'set the backup retention to {ceiling} days',
    },
    noRecovery: {
      violation: 'table {name} cannot be restored: {property} is {value}',
      fix: 'set pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true }',
    },
    deletedWithStack: {
      violation: '{name} and its backups go when its stack goes or replaces it: {policy} is Delete',
      fix: 'set removalPolicy: RemovalPolicy.RETAIN or SNAPSHOT',
    },
    unversioned: {
      violation: 'bucket {name} forgets what is replaced or deleted: {property} is {value}',
      fix: 'set versioned: true',
    },
    versionsForgotten: {
      violation: 'bucket {name} forgets replaced objects after {value} days, promised are {window}',
      fix: 'set noncurrentVersionExpiration to {window} days or more',
    },
  },
  template: {
    judges: [...databases, ...tables, 'AWS::S3::Bucket', ...unjudged],
    expects: 'at-least-one',
    expected: [...databases, ...tables],
    judge: (store, { figures, scope }) => {
      if (databases.includes(store.type)) {
        return database(store, figures);
      }
      switch (store.type) {
        case 'AWS::S3::Bucket':
          return dataBucket(store, scope, figures.number('backup.pitrDays'));
        case 'AWS::DynamoDB::Table':
          return table(store.at('PointInTimeRecoverySpecification'), figures);
        case 'AWS::DynamoDB::GlobalTable':
          return globalTable(store, figures);
        case 'AWS::Cassandra::Table':
          return enabled(store.at('PointInTimeRecoveryEnabled'), () => [window(longestDays, figures)]);
        default:
          return notAssessed(`how ${store.type} is restored is not known to this control`);
      }
    },
  },
});

function database(store: Subject, figures: Figures): Outcome | readonly Outcome[] {
  if (store.type === 'AWS::RDS::DBInstance') {
    if (store.at('DBClusterIdentifier').state() === 'known') {
      return notApplicable('its cluster decides how it is restored');
    }
    if (['SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier'].some((of) => store.at(of).state() === 'known')) {
      return notApplicable('it repeats another database, which is restored in its place');
    }
  }
  return [
    ...decide(store.number('BackupRetentionPeriod'), {
      known: (days) => window(days, figures),
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbcluster.html
      absent: () => window(1, figures),
    }),
    ...['DeletionPolicy', 'UpdateReplacePolicy'].flatMap((policy) => outlivesStack(store, policy)),
  ];
}

/**
 * Left out, CloudFormation takes a last snapshot of a database of RDS, and none of the others.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
function outlivesStack(store: Subject, policy: string): readonly Outcome[] {
  const resources = store.template.document.Resources;
  const resource = isObject(resources) ? resources[store.logicalId] : undefined;
  const written = isObject(resource) ? resource[policy] : undefined;
  if (written !== undefined && typeof written !== 'string') {
    // Allowed by the transform AWS::LanguageExtensions
    return [notAssessed(`${policy} is computed, and it cannot be read here`)];
  }
  const isLeftOut = written === undefined && policy === 'DeletionPolicy' && !/^AWS::RDS::/.test(store.type);
  return written === 'Delete' || isLeftOut ? [finding('deletedWithStack', undefined, { policy })] : [satisfied];
}

function globalTable(store: Subject, figures: Figures): readonly Outcome[] {
  return decide(store.items('Replicas'), {
    known: (replicas) => replicas.flatMap((replica) => table(replica.at('PointInTimeRecoverySpecification'), figures)),
    absent: () => notAssessed('CloudFormation requires the replicas'),
  });
}

/** Days that DynamoDB and Keyspaces keep unless told otherwise, and the most they can. */
const longestDays = 35;

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-dynamodb-table-pointintimerecoveryspecification.html */
function table(recovery: Node, figures: Figures): readonly Outcome[] {
  return enabled(recovery.at('PointInTimeRecoveryEnabled'), () =>
    decide(recovery.at('RecoveryPeriodInDays').number(), {
      known: (days) => window(days, figures),
      absent: () => window(longestDays, figures),
    }),
  );
}

function enabled(flag: Node, judge: () => readonly Outcome[]): readonly Outcome[] {
  return decide(flag.bool(), {
    known: (on) => (on ? judge() : finding('noRecovery')),
    absent: () => finding('noRecovery'),
  });
}

function window(days: number, figures: Figures): Outcome {
  const name = 'backup.pitrDays';
  const ceiling = figures.ceiling(name);
  const floor = figures.floor(name) ?? (ceiling === undefined ? figures.number(name) : 0);
  if (days < floor) {
    return finding('tooShort', undefined, { days, floor });
  }
  return ceiling !== undefined && days > ceiling ? finding('tooLong', undefined, { days, ceiling }) : satisfied;
}
