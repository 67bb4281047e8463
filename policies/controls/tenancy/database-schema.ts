import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

/** What brings the schema to a database when it is deployed, and with it how tenants are kept apart. */
export const schemaType = 'Custom::DatabaseSchema';

/** Databases that may be PostgreSQL. */
export const databaseTypes: readonly string[] = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'];

/** Judges whether the deployment brings a schema to a PostgreSQL database at all; what schema is judged where it stands. */
export function judgeBound(database: Subject, scope: Scope, presentOnly: boolean): Outcome | readonly Outcome[] {
  if (database.type === 'AWS::RDS::DBInstance' && database.at('DBClusterIdentifier').state() === 'known') {
    return notApplicable('the schema belongs to its cluster');
  }
  return decide(database.at('Engine').pattern(), {
    known: (engine) => {
      if (!/postgres/.test(engine)) {
        return notAssessed(`how tenants are kept apart in ${engine} is not known to this control`);
      }
      if (scope.referring(database, schemaType, 'Cluster').length > 0) {
        return satisfied;
      }
      return presentOnly
        ? notAssessed('what brings its schema is not among what is judged')
        : finding('noSchema', undefined);
    },
    absent: () => notAssessed('the engine comes from a source that the template does not show'),
  });
}

/** Judges how a schema keeps tenants apart: the words are weakest first. */
export function judgeMode(schema: Subject, promised: string): readonly Outcome[] {
  const modes = ['rls', 'database'];
  return decide(schema.text('Mode'), {
    known: (mode) => {
      if (!modes.includes(mode)) {
        return notAssessed(`the mode ${mode} is not known to this control`);
      }
      return modes.indexOf(mode) >= modes.indexOf(promised)
        ? satisfied
        : finding('weakerMode', undefined, { mode, promised });
    },
    absent: () => notAssessed('the schema names no mode'),
  });
}
