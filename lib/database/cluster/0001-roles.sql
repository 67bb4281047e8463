-- Roles of the cluster. Databases come and go; these stay. Whoever runs this administers the server, and on Amazon RDS is no superuser:
-- attributes that only a superuser may name are left to their defaults (NOSUPERUSER, NOBYPASSRLS, NOREPLICATION), and looked at.

DO $$
DECLARE
  wanted record;
  present pg_roles;
BEGIN
  FOR wanted IN
    SELECT * FROM (VALUES
      -- Owns every schema, table and function; nobody signs in as it
      ('schema_owner', 'NOLOGIN NOCREATEDB NOCREATEROLE'),
      -- What the application runs as: reads and writes rows, owns nothing
      ('application', 'LOGIN NOCREATEDB NOCREATEROLE'),
      -- Changes the schema, as schema_owner
      ('migrator', 'LOGIN NOCREATEDB NOCREATEROLE'),
      -- Makes and removes the database and the role of a tenant
      ('provisioner', 'LOGIN CREATEDB CREATEROLE'),
      -- Looks at the catalogue for an audit, and at no row of a tenant
      ('auditor', 'LOGIN NOCREATEDB NOCREATEROLE')
    ) AS roles (name, attributes)
  LOOP
    SELECT * INTO present FROM pg_roles WHERE rolname = wanted.name;
    IF NOT FOUND THEN
      EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.attributes);
    ELSIF present.rolsuper OR present.rolbypassrls OR present.rolreplication THEN
      RAISE EXCEPTION 'role % may pass over row-level security, as superuser, by BYPASSRLS or REPLICATION', wanted.name
        USING HINT = 'take these attributes away from it, or drop it';
    ELSE
      EXECUTE format('ALTER ROLE %I %s', wanted.name, wanted.attributes);
    END IF;
  END LOOP;
END
$$;

-- Ownership is put on by SET ROLE, on purpose and for one session, and not inherited
GRANT schema_owner TO migrator WITH INHERIT FALSE, SET TRUE;
GRANT schema_owner TO provisioner WITH INHERIT FALSE, SET TRUE;
-- A tenant's own role may do what the application may; only its database is another
GRANT application TO provisioner WITH ADMIN TRUE, INHERIT FALSE, SET FALSE;

-- On Amazon RDS the role of whoever signs in with a token of IAM; its members, and members of those, have no password that works
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    GRANT rds_iam TO application, migrator, provisioner, auditor;
  END IF;
END
$$;
