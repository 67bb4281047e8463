-- tenant_eraser erases what a tenant has in a database that all tenants share, and in every database the keys of people. It has no right on any
-- table: it calls functions that enter the tenant first, and policies bind them to its rows. Where each tenant has a database of its own, the
-- provisioner drops it.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tenant_eraser') THEN
    CREATE ROLE tenant_eraser LOGIN NOINHERIT;
  END IF;
  -- Aurora signs a role in with IAM once it holds this one
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO tenant_eraser;
  END IF;
END
$$;

-- It asks there which databases exist
GRANT CONNECT ON DATABASE postgres TO tenant_eraser;
