import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';

/** Extensions that reach another database, another server, files or services from inside a session. */
export const doors: readonly string[] = [
  'adminpack',
  'aws_lambda',
  'aws_ml',
  'aws_s3',
  'dblink',
  'file_fdw',
  'http',
  'log_fdw',
  'mysql_fdw',
  'oracle_fdw',
  'pg_cron',
  'pg_net',
  'pglogical',
  'plperlu',
  'plpython3u',
  'pltclu',
  'postgres_fdw',
  'tds_fdw',
];

const setting = 'rds.allowed_extensions';

/**
 * Judges the list of extensions that may be installed at all, in the parameter group that a database really refers to. Left out, every
 * extension that Aurora supports may be.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora_delegated_ext.html
 */
export function judgeExtensions(database: Subject): readonly Outcome[] {
  const path = database.type === 'AWS::RDS::DBCluster' ? 'DBClusterParameterGroupName' : 'DBParameterGroupName';
  const takesAny = (value: string) => finding('anyExtension', path, { value });
  const { resolved } = database.at(path);
  if (resolved.kind === 'scalar' && String(resolved.value).startsWith('default.')) {
    database.at(path).pattern();
    return [takesAny('not set in the default group')];
  }
  return decide(database.reference(path), {
    known: ({ subject: group }) =>
      decide(group.at('Parameters').entries(), {
        known: (entries) => {
          const list = new Map(entries).get(setting);
          return list
            ? decide(list.text(), { known: judgeList, absent: () => takesAny('not set') })
            : takesAny('not set');
        },
        absent: () => takesAny('not set'),
      }),
    absent: () => takesAny('not set in the default group'),
    unresolved: ({ text }) => notAssessed(`the parameter group ${text} is not in the template`, path),
  });
}

function judgeList(list: string): readonly Outcome[] {
  const names = list.split(',').map((name) => name.trim().toLowerCase());
  if (names.includes('*')) {
    return [finding('anyExtension', undefined, { value: list })];
  }
  const open = names.filter((name) => doors.includes(name));
  return open.length > 0 ? open.map((extension) => finding('door', undefined, { extension })) : [satisfied];
}
