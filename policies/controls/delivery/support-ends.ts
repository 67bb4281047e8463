/** The day on which the tables below were last compared with their sources; what had ended by then is refused. */
export const comparedOn = '2026-11-29';

/**
 * Ends of standard support by engine and major version. Past them there are fixes of critical flaws only, for money, or an upgrade that
 * nobody planned.
 *
 * Sources: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraPostgreSQLReleaseNotes/aurorapostgresql-release-calendar.html,
 * https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html,
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html
 */
const postgres: Readonly<Record<string, string>> = {
  '11': '2024-02-29',
  '12': '2025-02-28',
  '13': '2026-02-28',
  '14': '2027-02-28',
  '15': '2028-02-29',
  '16': '2029-02-28',
  '17': '2030-02-28',
  '18': '2031-02-28',
};

const engines: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'aurora-postgresql': postgres,
  postgres,
  mysql: { '5.7': '2024-02-29', '8.0': '2026-07-31', '8.4': '2029-07-31' },
};

/**
 * Days on which Lambda stops to mend a runtime.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
const runtimes: Readonly<Record<string, string>> = {
  'nodejs16.x': '2024-06-12',
  'nodejs18.x': '2025-09-01',
  'nodejs20.x': '2026-04-30',
  'nodejs22.x': '2027-04-30',
  'nodejs24.x': '2028-04-30',
  'python3.8': '2024-10-14',
  'python3.9': '2025-12-15',
  'python3.10': '2026-10-31',
  'python3.11': '2027-06-30',
  'python3.12': '2028-10-31',
  'python3.13': '2029-06-30',
  'python3.14': '2029-06-30',
  'java8.al2': '2027-06-30',
  java11: '2027-06-30',
  java17: '2027-06-30',
  java21: '2029-06-30',
  java25: '2029-06-30',
  dotnet6: '2024-12-20',
  dotnet8: '2026-11-10',
  dotnet10: '2028-11-14',
  'ruby3.2': '2026-03-31',
  'ruby3.3': '2027-03-31',
  'ruby3.4': '2028-03-31',
  'go1.x': '2024-01-08',
  provided: '2024-01-08',
  'provided.al2': '2026-07-31',
  'provided.al2023': '2029-06-30',
};

/** What is known of the support of something: until when, and whether that is over. */
export interface Support {
  readonly until: string;
  readonly isOver: boolean;
}

/** Support of a version of a database engine; undefined where the table does not know it. */
export function supportOfEngine(engine: string, version: string): Support | undefined {
  const [major = '', minor = ''] = version.split('.');
  const table = engines[engine];
  return supportUntil(table?.[major] ?? table?.[`${major}.${minor}`]);
}

/** Support of a runtime of Lambda; undefined where the table does not know it. */
export function supportOfRuntime(runtime: string): Support | undefined {
  return supportUntil(runtimes[runtime]);
}

function supportUntil(until: string | undefined): Support | undefined {
  return until === undefined ? undefined : { until, isOver: until <= comparedOn };
}
