-- Roles of the audit log and of the domains for credentials, once per cluster.
--
-- security_owner owns both schemas and cannot sign in: the role that changes tables (schema_owner) and the one that runs the application
-- own nothing there. audit_keeper verifies, anchors and removes what has outlived its period; it cannot write an entry of its own choice.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'security_owner') THEN
    CREATE ROLE security_owner NOLOGIN NOINHERIT;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'audit_keeper') THEN
    CREATE ROLE audit_keeper LOGIN NOINHERIT;
  END IF;
  -- Aurora signs a role in with IAM once it holds this one
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO audit_keeper;
  END IF;
END
$$;

-- The migrator acts as the owner only where a migration says so
GRANT security_owner TO migrator WITH INHERIT FALSE, SET TRUE;
-- It asks there which databases exist
GRANT CONNECT ON DATABASE postgres TO audit_keeper;
