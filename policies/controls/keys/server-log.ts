import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';

/**
 * Settings that decide whether a refused row or statement ends in the log of the server, what they are where nobody sets them, and what keeps
 * values out.
 *
 * Source: https://www.postgresql.org/docs/17/runtime-config-logging.html
 */
const settings: readonly { readonly name: string; readonly byDefault: string; readonly quiet: RegExp }[] = [
  { name: 'log_error_verbosity', byDefault: 'default', quiet: /^terse$/i },
  { name: 'log_min_error_statement', byDefault: 'error', quiet: /^(fatal|panic)$/i },
  { name: 'log_statement', byDefault: 'none', quiet: /^(none|ddl)$/i },
];

/** Judges what a PostgreSQL cluster, or an instance that belongs to none, writes into its log of what it refuses. */
export function judgeServerLog(database: Subject): Outcome | readonly Outcome[] {
  const isCluster = database.type === 'AWS::RDS::DBCluster';
  if (!isCluster && database.at('DBClusterIdentifier').state() === 'known') {
    return notApplicable('its cluster decides what is logged');
  }
  return decide(database.at('Engine').pattern(), {
    known: (engine) =>
      /postgres/.test(engine)
        ? judgeGroup(database, isCluster ? 'DBClusterParameterGroupName' : 'DBParameterGroupName')
        : notApplicable(`${engine} is not PostgreSQL`),
    absent: () => notAssessed('the engine comes from a source that the template does not show'),
  });
}

function judgeGroup(database: Subject, path: string): readonly Outcome[] {
  const name = database.at(path);
  const { resolved } = name;
  if (resolved.kind === 'absent' || (resolved.kind === 'scalar' && String(resolved.value).startsWith('default.'))) {
    name.pattern();
    return judgeSettings(() => undefined, path);
  }
  return decide(database.reference(path), {
    known: ({ subject: group }) =>
      decide(group.at('Parameters').entries(), {
        known: (entries) => judgeSettings((key) => new Map(entries).get(key), path),
        absent: () => judgeSettings(() => undefined, path),
      }),
    absent: () => notAssessed('the parameter group is not in the template'),
    unresolved: ({ text }) => notAssessed(`the parameter group ${text} is not in the template`, path),
  });
}

function judgeSettings(setting: (name: string) => Node | undefined, property: string): readonly Outcome[] {
  const loud: string[] = [];
  const unread = settings.flatMap(({ name, byDefault, quiet }) => {
    const judge = (value: string) => {
      loud.push(...(quiet.test(value) ? [] : [`${name} is ${value}`]));
      return [];
    };
    const node = setting(name);
    return node ? decide(node.pattern(), { known: judge, absent: () => judge(byDefault) }) : judge(byDefault);
  });
  const found = loud.length > 0 ? [finding('rowsInLog', property, { settings: loud.join(', ') })] : [];
  return found.length + unread.length > 0 ? [...found, ...unread] : [satisfied];
}
