-- How tenants are kept apart in this database. `rls`: all tenants share it, and each row names its tenant. `database`: it belongs to one
-- tenant. Decided when the database is made, by the settings tenancy.mode, tenancy.tenant_key and tenancy.tenant_id of the session.

REVOKE ALL ON SCHEMA public FROM PUBLIC;
-- The tables of the application: its own migrations make them
CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO application, auditor;
GRANT USAGE ON SCHEMA tenancy TO application, auditor;
GRANT SELECT ON tenancy.migrations TO auditor;
-- PostgreSQL lets everybody execute every new function
ALTER DEFAULT PRIVILEGES FOR ROLE schema_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE TABLE tenancy.settings (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  mode text NOT NULL CHECK (mode IN ('rls', 'database')),
  -- Name of the column that holds the tenant of a row
  tenant_key text NOT NULL CHECK (tenant_key ~ '^[a-z][a-z0-9_]{0,62}$'),
  -- The tenant that the whole database belongs to
  tenant_id uuid,
  CHECK ((mode = 'database') = (tenant_id IS NOT NULL))
);
GRANT SELECT ON tenancy.settings TO application, auditor;

INSERT INTO tenancy.settings (mode, tenant_key, tenant_id) VALUES (
  current_setting('tenancy.mode'),
  current_setting('tenancy.tenant_key'),
  nullif(current_setting('tenancy.tenant_id', true), '')::uuid
);

-- Names the tenant and the person for whom the current transaction works; every transaction starts with it. Outside of a transaction it
-- lasts for its own statement, so whatever follows is refused.
CREATE FUNCTION tenancy.enter(
  tenant uuid,
  actor text,
  client_address text DEFAULT NULL,
  user_agent text DEFAULT NULL,
  request_id text DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  own uuid;
BEGIN
  IF enter.tenant IS NULL OR coalesce(enter.actor, '') = '' THEN
    RAISE EXCEPTION 'a transaction works for one tenant and one actor, and both must be named'
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT settings.tenant_id INTO own FROM tenancy.settings WHERE settings.mode = 'database';
  IF own IS NOT NULL AND own <> enter.tenant THEN
    RAISE EXCEPTION 'this database belongs to another tenant' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- true: until the end of the transaction. A pooled session hands nothing on to the next
  PERFORM set_config('app.tenant_id', enter.tenant::text, true);
  PERFORM set_config('app.actor', enter.actor, true);
  PERFORM set_config('app.client_address', coalesce(enter.client_address, ''), true);
  PERFORM set_config('app.user_agent', coalesce(enter.user_agent, ''), true);
  PERFORM set_config('app.request_id', coalesce(enter.request_id, ''), true);
END
$$;
GRANT EXECUTE ON FUNCTION tenancy.enter TO application;
