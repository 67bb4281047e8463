/** The tenant that the sample databases belong to, or that their first rows do. */
export const tenantA = '00000000-0000-4000-8000-00000000000a';
export const tenantB = '00000000-0000-4000-8000-00000000000b';

/**
 * An application as somebody builds it on ours: tables that are kept apart by tenant and watched, one that is shared, a view, and the kinds of
 * secrets that are stored. Statements of `schema_owner`.
 */
export const sampleApplication: readonly string[] = [
  `CREATE TABLE app.client (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    name text NOT NULL,
    email text,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, email)
  )`,
  `CREATE TABLE app.note (
    tenant_id uuid NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    client_id uuid,
    body text NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES app.client (tenant_id, id)
  )`,
  `CREATE TABLE app.trust_entry (
    tenant_id uuid NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    client_id uuid NOT NULL,
    cents bigint NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, client_id) REFERENCES app.client (tenant_id, id)
  )`,
  `CREATE TABLE app.credential (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    password_hash secure.bcrypt_hash NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
  )`,
  'CREATE TABLE app.country (code text PRIMARY KEY)',
  `SELECT tenancy.protect('app.client')`,
  `SELECT tenancy.protect('app.note')`,
  `SELECT tenancy.protect('app.trust_entry', 'SELECT, INSERT')`,
  `SELECT tenancy.protect('app.credential')`,
  `SELECT tenancy.share('app.country')`,
  'CREATE VIEW app.client_name WITH (security_invoker = true) AS SELECT id, name FROM app.client',
  'GRANT SELECT ON app.client_name TO application',
  `SELECT audit.watch('app.client')`,
  `SELECT audit.watch('app.note')`,
  `SELECT audit.watch('app.trust_entry')`,
  `SELECT audit.watch('app.credential')`,
  `SELECT secure.refuse_cards_in('app.client')`,
  `SELECT secure.refuse_cards_in('app.note')`,
  `SELECT secure.refuse_cards_in('app.trust_entry')`,
  `SELECT retention.keep_while_active('app.client', 'whom the account works for')`,
  `SELECT retention.keep_while_active('app.note', 'goes with its client')`,
  `SELECT retention.keep_while_active('app.trust_entry', 'the books of the account')`,
  `SELECT retention.keep_while_active('app.credential', 'how its people sign in')`,
];
