-- PostgreSQL lets everybody connect to every database, the maintenance database and the template included, until told otherwise.

REVOKE ALL ON DATABASE postgres FROM PUBLIC;
REVOKE ALL ON DATABASE template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres TO provisioner, auditor;

-- A REVOKE by somebody who is not the owner is a warning and no error: what counts is what holds afterwards
DO $$
DECLARE
  open text;
BEGIN
  SELECT string_agg(datname, ', ' ORDER BY datname) INTO open
  FROM pg_database
  WHERE datname IN ('postgres', 'template1')
    AND (has_database_privilege('public', oid, 'CONNECT') OR has_database_privilege('public', oid, 'TEMPORARY'));
  IF open IS NOT NULL THEN
    RAISE EXCEPTION 'everybody can still connect to %', open USING HINT = 'run this as the owner of these databases';
  END IF;
END
$$;

-- Here are no tables of anybody's
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA tenancy TO auditor;
GRANT SELECT ON tenancy.migrations TO auditor;
