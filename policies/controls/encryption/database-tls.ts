import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Reading } from '../../../lib/template/reading';
import type { Subject } from '../../../lib/template/subject';

/** How an engine is told to refuse connections in clear text, and which TLS versions it takes. */
interface EngineTls {
  readonly engines: RegExp;
  readonly force: string;
  /** First major version whose default refuses clear text; undefined: none does. */
  readonly forcedSince?: number;
  readonly versions?: string;
}

/**
 * Defaults: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html,
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html,
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.require-ssl.html.
 */
const engineTable: readonly EngineTls[] = [
  { engines: /^aurora-postgresql$/, force: 'rds.force_ssl', forcedSince: 17, versions: 'ssl_min_protocol_version' },
  { engines: /^postgres$/, force: 'rds.force_ssl', forcedSince: 15, versions: 'ssl_min_protocol_version' },
  { engines: /^(aurora-)?mysql$/, force: 'require_secure_transport', versions: 'tls_version' },
  { engines: /^mariadb$/, force: 'require_secure_transport', forcedSince: 11.8, versions: 'tls_version' },
  { engines: /^sqlserver-/, force: 'rds.force_ssl' },
];

/** Judges the settings of a cluster or of an instance on its own, in the parameter group that it really refers to. */
export function judgeServer(database: Subject, floor: string): readonly Outcome[] {
  return decide(database.at('Engine').pattern(), {
    known: (engine) => {
      const tls = engineTable.find(({ engines }) => engines.test(engine));
      return tls
        ? judgeGroup(database, tls, floor)
        : notAssessed(`how the engine ${engine} is made to demand TLS is not known to this control`);
    },
    absent: () => notAssessed('the engine comes from a source that the template does not show'),
  });
}

function judgeGroup(database: Subject, tls: EngineTls, floor: string): readonly Outcome[] {
  const path = database.type === 'AWS::RDS::DBCluster' ? 'DBClusterParameterGroupName' : 'DBParameterGroupName';
  const name = database.at(path);
  if (name.resolved.kind === 'absent' || isDefaultGroup(name)) {
    name.pattern();
    return judgeSettings(
      tls,
      floor,
      path,
      () => undefined,
      () => majorOf(database.at('EngineVersion').pattern()),
    );
  }
  return decide(database.reference(path), {
    known: ({ subject: group }) =>
      decide(group.at('Parameters').entries(), {
        known: (entries) => {
          const settings = new Map(entries);
          return judgeSettings(
            tls,
            floor,
            path,
            (key) => settings.get(key),
            () => majorOf(group.at('Family').pattern()),
          );
        },
        absent: () =>
          judgeSettings(
            tls,
            floor,
            path,
            () => undefined,
            () => majorOf(group.at('Family').pattern()),
          ),
      }),
    absent: () => notAssessed('the parameter group is not in the template'),
    unresolved: ({ text }) => notAssessed(`the parameter group ${text} is not in the template`, path),
  });
}

function isDefaultGroup({ resolved }: Node): boolean {
  return resolved.kind === 'scalar' && String(resolved.value).startsWith('default.');
}

/** `17.7` and `aurora-postgresql17` give 17; nothing, where no number can be read. */
function majorOf(version: Reading<string>): number | undefined {
  const digits = version.kind === 'known' ? /(\d+(?:\.\d+)?)/.exec(version.value)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

function judgeSettings(
  tls: EngineTls,
  floor: string,
  groupPath: string,
  setting: (key: string) => Node | undefined,
  majorVersion: () => number | undefined,
): readonly Outcome[] {
  const force = setting(tls.force);
  const forced = force
    ? decide(force.pattern(), {
        known: (value) => (/^(1|on|true)$/i.test(value) ? satisfied : notForced(tls.force, groupPath, value)),
        absent: () => forcedByDefault(tls, groupPath, majorVersion),
      })
    : forcedByDefault(tls, groupPath, majorVersion);
  const versions = tls.versions === undefined ? undefined : setting(tls.versions);
  const lowest = versions
    ? decide(versions.pattern(), {
        known: (value) => judgeVersions(value, floor, groupPath),
        absent: () => defaultVersions(tls, floor, groupPath),
      })
    : defaultVersions(tls, floor, groupPath);
  return [forced, lowest].flat();
}

function notForced(setting: string, property: string, value: string): Outcome {
  return finding('notForced', property, { setting, value });
}

function forcedByDefault(
  { force, forcedSince }: EngineTls,
  groupPath: string,
  majorVersion: () => number | undefined,
): Outcome {
  const major = forcedSince === undefined ? undefined : majorVersion();
  if (forcedSince === undefined || (major !== undefined && major < forcedSince)) {
    return notForced(force, groupPath, 'the default, which lets clear text in');
  }
  return major === undefined
    ? notAssessed(`whether ${force} is on by default depends on a version that cannot be seen`, groupPath)
    : satisfied;
}

/** `TLSv1.3`, or every version that is taken: `TLSv1.2,TLSv1.3`. */
function judgeVersions(value: string, floor: string, property: string): Outcome {
  const named = value.split(',').map((version) => /^\s*TLSv1(?:\.(\d))?\s*$/i.exec(version));
  if (named.some((version) => version === null)) {
    return notAssessed(`expected TLS versions, got ${value}`, property);
  }
  const lowest = Math.min(...named.map((version) => Number(version?.[1] ?? 0)));
  return lowest < Number(floor.split('.')[1]) ? finding('oldTls', property, { value, floor }) : satisfied;
}

/** Every supported version of PostgreSQL starts at 1.2 by itself, and so does MySQL since 8.0.28. */
function defaultVersions(tls: EngineTls, floor: string, property: string): Outcome {
  if (tls.versions === undefined) {
    return notAssessed('which TLS versions this engine takes is not known to this control', property);
  }
  return judgeVersions('TLSv1.2', floor, property);
}
