import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';

/** One setting of PostgreSQL that decides what its log says. */
interface Setting {
  readonly name: string;
  /** The message where it is wrong. */
  readonly message: 'silent' | 'leaky';
  /** Values that keep the promise. */
  readonly keeps: RegExp;
  /** What holds where nothing is set. */
  readonly fallback: string;
}

const on = /^(1|on|true|yes)$/i;

/**
 * A failed CHECK prints the whole row unless the log is terse, and every failed statement is printed with its values unless only panics
 * are: both end in CloudWatch, where none of the guards of the database holds.
 *
 * Defaults: https://www.postgresql.org/docs/17/runtime-config-logging.html and
 * https://github.com/pgaudit/pgaudit/blob/main/README.md; the preloaded library is Aurora's own default,
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Reference.ParameterGroups.html
 */
const settings: readonly Setting[] = [
  // PostgreSQL 18 takes a list of what to log of a connection as well
  {
    name: 'log_connections',
    message: 'silent',
    keeps: /^(1|on|true|yes|all|.*authentication.*)$/i,
    fallback: 'off',
  },
  { name: 'log_disconnections', message: 'silent', keeps: on, fallback: 'off' },
  {
    name: 'shared_preload_libraries',
    message: 'silent',
    keeps: /(^|,)\s*pgaudit\s*(,|$)/i,
    fallback: 'pg_stat_statements',
  },
  { name: 'pgaudit.log', message: 'silent', keeps: /(^|,)\s*(all|ddl|role)\s*(,|$)/i, fallback: 'none' },
  { name: 'log_error_verbosity', message: 'leaky', keeps: /^terse$/i, fallback: 'default' },
  { name: 'log_min_error_statement', message: 'leaky', keeps: /^(log|fatal|panic)$/i, fallback: 'error' },
  { name: 'log_statement', message: 'leaky', keeps: /^(none|ddl)$/i, fallback: 'none' },
  { name: 'pgaudit.log_parameter', message: 'leaky', keeps: /^(0|off|false|no)$/i, fallback: 'off' },
];

/** Whether a PostgreSQL database hands its log over, says who came, and prints no row. */
export function databaseLog(database: Subject): readonly Outcome[] {
  if (database.type === 'AWS::RDS::DBInstance' && database.at('DBClusterIdentifier').state() === 'known') {
    return memberLog(database);
  }
  return decide(database.at('Engine').pattern(), {
    known: (engine) =>
      /^(aurora-postgresql|postgres)$/.test(engine)
        ? [...exported(database), ...parameters(database)]
        : notApplicable('the promise is about PostgreSQL'),
    absent: () => notAssessed('the engine comes from a source that the template does not show'),
  });
}

function exported(database: Subject): readonly Outcome[] {
  return decide(database.items('EnableCloudwatchLogsExports'), {
    known: (items) => {
      const texts = items.map((item) => item.text());
      if (texts.some((text) => text.kind === 'known' && text.value === 'postgresql')) {
        return satisfied;
      }
      const hidden = texts.find((text) => text.kind === 'unresolved');
      return hidden?.kind === 'unresolved' ? notAssessed(hidden.reason) : finding('notExported');
    },
    absent: () => finding('notExported'),
  });
}

function parameters(database: Subject): readonly Outcome[] {
  const path = groupPath(database);
  const name = database.at(path);
  const { resolved } = name;
  if (resolved.kind === 'absent' || (resolved.kind === 'scalar' && String(resolved.value).startsWith('default.'))) {
    name.pattern();
    return judgeSettings(path, settings, () => undefined);
  }
  return inGroup(name, (setting) => judgeSettings(path, settings, setting));
}

/** The group of an instance speaks louder than that of its cluster: what it sets must keep the promise as well. */
function memberLog(instance: Subject): readonly Outcome[] {
  const name = instance.at(groupPath(instance));
  if (name.resolved.kind !== 'reference') {
    return [notApplicable('its cluster decides what is logged')];
  }
  return inGroup(name, (setting) =>
    judgeSettings(
      name.path,
      settings.filter((each) => setting(each.name) !== undefined),
      setting,
    ),
  );
}

function groupPath({ type }: Subject): string {
  return type === 'AWS::RDS::DBCluster' ? 'DBClusterParameterGroupName' : 'DBParameterGroupName';
}

function inGroup(
  name: Node,
  judge: (setting: (name: string) => Node | undefined) => readonly Outcome[],
): readonly Outcome[] {
  return decide(name.reference(), {
    known: ({ subject: group }) =>
      decide(group.at('Parameters').entries(), {
        known: (entries) => {
          const found = new Map(entries);
          return judge((setting) => found.get(setting));
        },
        absent: () => judge(() => undefined),
      }),
    absent: () => notAssessed('the parameter group is not in the template'),
    unresolved: ({ text }) => notAssessed(`the parameter group ${text} is not in the template`),
  });
}

function judgeSettings(
  path: string,
  expected: readonly Setting[],
  setting: (name: string) => Node | undefined,
): readonly Outcome[] {
  const judge = ({ name, message, keeps }: Setting, got: string) =>
    keeps.test(got) ? satisfied : finding(message, path, { setting: name, got });
  return expected.length === 0
    ? [satisfied]
    : expected.flatMap((each) => {
        const node = setting(each.name);
        return node
          ? decide(node.pattern(), {
              known: (value) => judge(each, value),
              absent: () => judge(each, each.fallback),
            })
          : judge(each, each.fallback);
      });
}
