import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { judgeAlarm, judgeSchedules, namedIn, saysItself } from '../logging/scheduled-function';

/** Stores of rows. */
export const databases: readonly string[] = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'];

/** Minutes from one sweep to the next at most: a row is deleted within the day of grace, also when some sweeps fail. */
const sweepMinutes = 6 * 60;

/** Whether a function deletes rows past their period: its name or one of its tags says so. */
export function isSweep(code: Subject): boolean {
  return code.type === 'AWS::Lambda::Function' && saysItself(code, /row[-_ ]?retention/i);
}

/** Judges when a function that deletes rows runs, and who hears of it when it fails or does not run. */
export function judgeSweep(code: Subject, scope: Scope): readonly Outcome[] {
  return [
    judgeSchedules(code, scope, sweepMinutes, { unscheduled: 'sweepUnscheduled', rare: 'sweepRare' }),
    judgeAlarm(code, scope, 'Errors', 'sweepUnheard'),
    judgeAlarm(code, scope, 'Invocations', 'sweepMissed', true),
  ];
}

/** Judges whether anything deletes the rows of a PostgreSQL database when their period is over: no setting of the database does. */
export function judgeSwept(database: Subject, scope: Scope): readonly Outcome[] {
  return decide(database.at('Engine').pattern(), {
    known: (engine) => {
      const sweeping = /postgres/.test(engine) ? scope.resources('AWS::Lambda::Function').filter(isSweep) : undefined;
      const isNamed = sweeping?.some((code) =>
        namedIn(code, databases).some(({ definition }) => definition === database.definition),
      );
      return isNamed === false ? finding('unswept') : satisfied;
    },
    absent: () => notAssessed('the engine comes from a source that the template does not show'),
  });
}
