import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { dataAllowDataApi, dataPort } from '../parameters';
import { databaseTypes, unjudgedTypes } from './data-stores';
import { judgeAccessLists, judgeGroups, judgeSubnets } from './private-database';

/** NET-02: a database is private only if every layer says so: address, subnets, security groups, access lists and API. */
export const control = defineControl({
  id: 'net-02',
  title:
    'Databases have no public address, lie in subnets without a road to the internet, and every layer closes their port',
  family: 'network',
  claims: ['cly-private-db', 'clvr-internal-network-only', 'clvr-5432-blocked'],
  doesNotProve:
    'Routes, rules and snapshots that were changed or shared by hand, the main route table of the VPC (CloudFormation cannot name it), and databases that somebody runs on an instance of his own.',
  runbook: 'close-database-to-internet',
  parameters: { 'data.port': dataPort, 'data.allowDataApi': dataAllowDataApi },
  messages: {
    missing: {
      violation: 'no database is deployed, so nothing keeps the promise of private databases',
      fix: 'deploy the database into isolated subnets',
    },
    publicAddress: {
      violation: 'database {name} has a public address: {property} is {value}',
      fix: 'set publiclyAccessible: false',
    },
    defaultSubnets: {
      violation: 'database {name} names no subnets ({property}), so it lands in the public subnets of the default VPC',
      fix: 'give it a subnet group of isolated subnets',
    },
    routedToInternet: {
      violation: 'database {name} lies in subnets with a route to an internet gateway: {routes}',
      fix: 'place it in isolated subnets, whose route table leads nowhere outside the VPC',
    },
    groupOpen: {
      violation: 'security group {group} of database {name} admits public addresses: {source}',
      fix: 'name the security group of the application as the only source',
    },
    noAccessList: {
      violation:
        'subnets of database {name} have no network access list of their own, and the default one admits everything: {subnets}',
      fix: 'associate a network access list that closes the port of the database to everybody outside the VPC',
    },
    accessListOpen: {
      violation: 'access list {list} lets the internet in to port {port} of database {name}: {source}',
      fix: 'deny the port from 0.0.0.0/0 and ::/0 with a lower rule number than every entry that allows it',
    },
    dataApi: {
      violation: 'database {name} answers SQL on a public endpoint: {property} is {value}',
      fix: 'set enableDataApi: false',
    },
  },
  template: {
    judges: databaseTypes,
    expects: 'at-least-one',
    judge: (database, context) => [
      ...judgeAddress(database, context),
      ...judgeDataApi(database, context),
      ...(isOfCluster(database)
        ? [notApplicable('its cluster decides where it lies and who reaches it')]
        : [
            ...judgeSubnets(database, context),
            ...judgeGroups(database, context),
            ...judgeAccessLists(database, context),
          ]),
    ],
    judgeWhole: function* ({ scope }) {
      for (const type of unjudgedTypes) {
        for (const { template, logicalId } of scope.resources(type)) {
          const outcome = notAssessed(`this control does not know how ${type} is reached`);
          yield { target: template.path, subject: logicalId, type, outcome };
        }
      }
    },
  },
});

function isOfCluster(database: Subject): boolean {
  return database.type === 'AWS::RDS::DBInstance' && database.at('DBClusterIdentifier').state() === 'known';
}

/**
 * Without the property RDS decides by the subnets: open ones, or none named, make it public. For a database that stands alone they are
 * judged anyway; an instance of a cluster looks at those of its cluster. Redshift's default is no public address.
 *
 * Sources: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html and
 * https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html
 */
function judgeAddress(database: Subject, context: JudgementContext): readonly Outcome[] {
  return decide(database.bool('PubliclyAccessible'), {
    known: (on) => (on ? finding('publicAddress') : satisfied),
    absent: () => (isOfCluster(database) ? judgeDefault(database, context) : satisfied),
  });
}

function judgeDefault(database: Subject, context: JudgementContext): readonly Outcome[] {
  return judgeSubnets(database, context).map((outcome) =>
    outcome.verdict === 'not-satisfied' ? finding('publicAddress', 'PubliclyAccessible') : outcome,
  );
}

/** The HTTP endpoint is off unless it is asked for: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html */
function judgeDataApi(database: Subject, { figures }: JudgementContext): readonly Outcome[] {
  if (database.type !== 'AWS::RDS::DBCluster' || figures.flag('data.allowDataApi')) {
    return [];
  }
  return decide(database.bool('EnableHttpEndpoint'), {
    known: (on) => (on ? finding('dataApi') : satisfied),
    absent: () => satisfied,
  });
}
