import type { Parameter } from '../../../lib/control/parameter';

/** How tenants are kept apart in PostgreSQL. */
export const tenancyMode: Parameter = {
  kind: 'choice',
  weakestFirst: ['rls', 'database'],
  default: 'database',
  description:
    'how tenants are kept apart in PostgreSQL: in one database by row-level security, or each in a database of its own',
};

/** How files of tenants are kept apart in S3. */
export const tenancyFiles: Parameter = {
  kind: 'choice',
  weakestFirst: ['prefix', 'bucket'],
  default: 'prefix',
  description: 'how files of tenants are kept apart: by folder in one bucket, or each in a bucket of its own',
};

/** Column that holds the tenant of a row. None is stricter than another; they exclude each other. */
export const tenancyKey: Parameter = {
  kind: 'choice',
  weakestFirst: ['user_id', 'organization_id', 'tenant_id'],
  default: 'tenant_id',
  description:
    'column that holds the tenant of a row, a uuid; which one is a matter of the data model, not of strictness',
};
