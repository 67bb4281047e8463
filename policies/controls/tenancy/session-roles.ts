import { type Fact, flagIn, textIn, wordsIn } from '../../../lib/control/fact';
import { finding, notApplicable, type Outcome, satisfied } from '../../../lib/control/verdict';
import { grantsOf } from './granted-rights';
import { notOfExtension, notOfSystem } from './tenancy-facts';

/** Roles that let in everywhere on the server, and those that let an application see rows or queries of others. */
const ofServer = "'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program'";
const ofOthers = "'pg_read_all_data', 'pg_write_all_data', 'pg_read_all_stats', 'rds_replication', 'rds_superuser'";

const memberOf = (names: string) =>
  `ARRAY(SELECT m.rolname::text FROM pg_roles AS m WHERE m.rolname IN (${names}) AND pg_has_role(r.oid, m.oid, 'MEMBER') ORDER BY 1)`;

/**
 * Who can act as whom. Rights come by inheritance, by SET ROLE, and at one remove by ADMIN: whoever may grant a role grants it to himself.
 * `makes`: where a role may make or drop tables that are not its own.
 */
export const ROLES = `
    WITH used AS (
      SELECT relowner AS role, relnamespace AS place, true AS owns FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm') AND ${notOfSystem} AND ${notOfExtension('c.oid')}
      UNION SELECT a.grantee, relnamespace, false FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace,
        LATERAL (
          SELECT * FROM aclexplode(c.relacl)
          UNION ALL SELECT x.* FROM pg_attribute AS t, aclexplode(t.attacl) AS x WHERE t.attrelid = c.oid
        ) AS a
      WHERE a.grantee NOT IN (0, c.relowner) AND ${notOfSystem} AND ${notOfExtension('c.oid')}
    )
    SELECT r.rolname AS name, r.oid = 10 AS service, r.rolcanlogin AS logs_in, r.rolsuper AS super, r.rolbypassrls AS bypass,
      r.rolreplication AS replicates,
      ARRAY(
        SELECT m.rolname::text FROM pg_roles AS m
        WHERE m.oid IN (SELECT role FROM used WHERE NOT owns UNION SELECT roleid FROM pg_auth_members)
          AND m.rolname !~ '^pg_' AND pg_has_role(r.oid, m.oid, 'USAGE, SET') ORDER BY 1
      ) AS uses,
      ARRAY(
        SELECT DISTINCT pg_get_userbyid(role) FROM used
        WHERE owns AND pg_has_role(r.oid, role, 'USAGE, SET, MEMBER WITH ADMIN OPTION') ORDER BY 1
      ) AS owners,
      ARRAY(
        SELECT 'schema ' || n.nspname FROM pg_namespace AS n
        WHERE n.oid IN (SELECT place FROM used WHERE owns AND role <> r.oid) AND has_schema_privilege(r.oid, n.oid, 'CREATE')
        UNION ALL SELECT 'database ' || datname FROM pg_database WHERE datname = current_database() AND pg_has_role(r.oid, datdba, 'USAGE, SET')
        ORDER BY 1
      ) AS makes,
      ${memberOf(ofServer)} AS server, ${memberOf(ofOthers)} AS others
    FROM pg_roles AS r WHERE r.rolname !~ '^pg_' ORDER BY 1`;

/** Roles that change rows, and own none or sign in: what the application runs as. Owners are not among them, nor whoever only reads. */
export function writersOf(relations: readonly Fact[], roles: readonly Fact[]): ReadonlySet<string> {
  const grants = relations.flatMap(grantsOf).filter(({ privilege }) => privilege !== 'SELECT');
  const owners = new Set(relations.map((relation) => textIn(relation, 'owner')));
  const signIn = new Set(roles.filter((role) => flagIn(role, 'logs_in')).map((role) => textIn(role, 'name')));
  return new Set(grants.map(({ role }) => role).filter((role) => !owners.has(role) || signIn.has(role)));
}

/** Roles whose rights the application has: the writers, whoever can act as one of them, and what these can act as besides. */
export function handsOf(writers: ReadonlySet<string>, roles: readonly Fact[]): ReadonlySet<string> {
  const acting = roles.filter((role) => !flagIn(role, 'super') && actsAs(role).some((each) => writers.has(each)));
  return new Set([...writers, ...acting.flatMap(actsAs)]);
}

function actsAs(role: Fact): readonly string[] {
  return [textIn(role, 'name'), ...wordsIn(role, 'uses')];
}

/** Whoever the server itself belongs to (oid 10: on Amazon RDS the service's own `rdsadmin`) is nobody whom anybody can take it from. */
export function judgeRole(role: Fact, writers: ReadonlySet<string>): Outcome {
  if (flagIn(role, 'service')) {
    return notApplicable('the server belongs to it');
  }
  const isUsed = actsAs(role).some((each) => writers.has(each));
  const [attribute] = [
    ...(flagIn(role, 'super') ? ['it is a superuser'] : []),
    ...(flagIn(role, 'bypass') ? ['BYPASSRLS'] : []),
    ...(isUsed && flagIn(role, 'replicates') ? ['REPLICATION'] : []),
    ...[...wordsIn(role, 'server'), ...(isUsed ? wordsIn(role, 'others') : [])].map(
      (name) => `it is a member of ${name}`,
    ),
  ];
  if (attribute !== undefined) {
    return finding('passesOver', undefined, { attribute });
  }
  const name = textIn(role, 'name');
  const owners = wordsIn(role, 'owners').filter((owner) => owner !== name || flagIn(role, 'logs_in'));
  if (owners.length > 0 && (isUsed || owners.includes(name))) {
    return finding('becomesOwner', undefined, { owners: owners.join(', ') });
  }
  const makes = wordsIn(role, 'makes');
  return isUsed && makes.length > 0 ? finding('makesTables', undefined, { places: makes.join(', ') }) : satisfied;
}
