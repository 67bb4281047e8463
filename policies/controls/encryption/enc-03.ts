import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { dataMinTls } from '../parameters';
import { judgeEnvironment } from './client-environment';
import { judgeServer } from './database-tls';
import { databaseHalf } from './enc-03.database';

/** ENC-03: the server refuses clear text, the proxy does, and no client is told to look away from the certificate. */
export const control = defineControl({
  id: 'enc-03',
  title: 'Every connection to a database is TLS, and clients verify the server certificate in full',
  family: 'encryption',
  claims: ['clvr-db-tls-verify-full'],
  doesNotProve:
    'That a client verifies: the server cannot see it, and code may override its environment. Only a client that refuses a server with a wrong certificate proves it.',
  runbook: 'verify-database-tls',
  parameters: { 'data.minTls': dataMinTls },
  messages: {
    missing: {
      violation: 'no database is deployed, so nothing keeps the promise of verified TLS to it',
      fix: 'deploy the database with a parameter group that demands TLS',
    },
    notForced: {
      violation: 'database {name} accepts connections in clear text: {setting} is {value}',
      fix: 'set {setting} to 1 in the parameter group that {property} refers to',
    },
    oldTls: {
      violation: 'database {name} accepts older TLS than {floor}: its lowest version is {value}',
      fix: 'set the TLS versions to TLSv{floor} and newer in the parameter group that {property} refers to',
    },
    proxyInClear: {
      violation: 'database proxy {name} accepts connections in clear text: RequireTLS is {value}',
      fix: 'set requireTLS: true',
    },
    weakMode: {
      violation: '{name} does not verify the database it talks to: {variable} asks for the mode {mode}',
      fix: 'set the mode to verify-full and hand the client the certificate bundle of RDS',
    },
    modeMissing: {
      violation:
        '{name} does not verify the database it talks to: {variable} names no mode, and the default does not verify',
      fix: 'set PGSSLMODE, or sslmode in the connection string, to verify-full',
    },
    clearTextServer: {
      violation: 'the server of database {name} takes connections in clear text: {setting} says {value}',
      fix: 'set rds.force_ssl to 1, or let pg_hba.conf admit hostssl alone, and encrypt what stands before the server',
    },
    oldTlsServer: {
      violation: 'the server of database {name} takes older TLS than {floor}: ssl_min_protocol_version is {value}',
      fix: 'set ssl_min_protocol_version to TLSv{floor}',
    },
    unverified: {
      violation: '{name} switches off the verification of certificates in {variable}',
      fix: 'remove the switch and hand the client the certificate bundle of RDS',
    },
  },
  database: databaseHalf,
  template: {
    judges: [
      'AWS::RDS::DBCluster',
      'AWS::RDS::DBInstance',
      'AWS::RDS::DBProxy',
      'AWS::ECS::TaskDefinition',
      'AWS::Lambda::Function',
      'AWS::DocDB::DBCluster',
      'AWS::Neptune::DBCluster',
      'AWS::Redshift::Cluster',
    ],
    expects: 'at-least-one',
    expected: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
    judge: (subject, { figures }) => {
      switch (subject.type) {
        case 'AWS::RDS::DBCluster':
          return judgeServer(subject, figures.choice('data.minTls'));
        case 'AWS::RDS::DBInstance':
          return subject.at('DBClusterIdentifier').state() === 'known'
            ? notApplicable('its cluster decides which connections are accepted')
            : judgeServer(subject, figures.choice('data.minTls'));
        case 'AWS::RDS::DBProxy':
          return judgeProxy(subject);
        case 'AWS::ECS::TaskDefinition':
        case 'AWS::Lambda::Function':
          return judgeClient(subject);
        default:
          return notAssessed(`how ${subject.type} is made to demand TLS is not known to this control`);
      }
    },
  },
});

/** Absent means false: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html. */
function judgeProxy(proxy: Subject): readonly Outcome[] {
  return decide(proxy.bool('RequireTLS'), {
    known: (on) => (on ? satisfied : finding('proxyInClear')),
    absent: () => finding('proxyInClear'),
  });
}

function judgeClient(client: Subject): Outcome | readonly Outcome[] {
  const outcomes = judgeEnvironment(client);
  return outcomes.length > 0 ? outcomes : notApplicable('its environment says nothing of a database connection');
}
