-- row_keeper deletes rows that have outlived their period, in every database. It has no right on any table: it calls a function that reads the
-- period from the catalogue, and cannot name another.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'row_keeper') THEN
    CREATE ROLE row_keeper LOGIN NOINHERIT;
  END IF;
  -- Aurora signs a role in with IAM once it holds this one
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO row_keeper;
  END IF;
END
$$;

-- It asks there which databases exist
GRANT CONNECT ON DATABASE postgres TO row_keeper;
