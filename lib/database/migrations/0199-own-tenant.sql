-- In a database of one tenant, tables that name tenants take no other: those of other owners, which tenancy.protect does not reach.

DO $$
DECLARE
  settings tenancy.settings;
BEGIN
  SELECT * INTO STRICT settings FROM tenancy.settings;
  IF settings.mode = 'database' THEN
    SET LOCAL ROLE security_owner;
    EXECUTE format(
      'ALTER TABLE secure.subject_key ADD CONSTRAINT only_own_tenant CHECK (tenant_id = %L::uuid)',
      settings.tenant_id
    );
    SET LOCAL ROLE schema_owner;
  END IF;
END
$$;
