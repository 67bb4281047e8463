-- Runs the application's own migrations, as schema_owner. Unlike the migrator it cannot put on security_owner: what guards the audit log and
-- credentials stays out of reach of a file that somebody writes for the application.

DO $$
DECLARE
  present pg_roles;
BEGIN
  SELECT * INTO present FROM pg_roles WHERE rolname = 'application_migrator';
  IF NOT FOUND THEN
    CREATE ROLE application_migrator LOGIN NOCREATEDB NOCREATEROLE;
  ELSIF present.rolsuper OR present.rolbypassrls OR present.rolreplication THEN
    RAISE EXCEPTION 'role application_migrator may pass over row-level security, as superuser, by BYPASSRLS or REPLICATION'
      USING HINT = 'take these attributes away from it, or drop it';
  ELSE
    ALTER ROLE application_migrator LOGIN NOCREATEDB NOCREATEROLE;
  END IF;
  -- Aurora signs a role in with IAM once it holds this one
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO application_migrator;
  END IF;
END
$$;

GRANT schema_owner TO application_migrator WITH INHERIT FALSE, SET TRUE;
