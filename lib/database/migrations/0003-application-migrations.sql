-- The history of the application's own migrations. Their numbers are another owner's, so they have a table of their own, and never meet ours.

CREATE TABLE tenancy.application_migrations (LIKE tenancy.migrations INCLUDING ALL);
GRANT SELECT ON tenancy.application_migrations TO auditor;

DO $$
BEGIN
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO application_migrator', current_database());
END
$$;
