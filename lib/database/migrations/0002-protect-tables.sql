-- What every migration calls for each table that it makes. A table that it was not called for is no use to the application: it grants
-- the access as well.

-- The condition of a row: which tenant it belongs to, against the one that the transaction named. A sub-select is evaluated once for a
-- statement and not once for a row, and lets the index that starts with the key be used. Unset is an error, and so is '': what the
-- setting is after the transaction.
CREATE FUNCTION tenancy.row_condition() RETURNS text
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE mode
    WHEN 'rls' THEN format('%I = (SELECT current_setting(%L)::uuid)', tenant_key, 'app.tenant_id')
    ELSE format('(SELECT current_setting(%L)::uuid) = %L::uuid', 'app.tenant_id', tenant_id)
  END
  FROM tenancy.settings
$$;

-- The column that holds the tenant: a uuid that is never null. A database of one tenant need not have it.
CREATE FUNCTION tenancy.key_column(relation regclass) RETURNS int2
LANGUAGE plpgsql
STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  settings tenancy.settings;
  present pg_attribute;
BEGIN
  SELECT * INTO STRICT settings FROM tenancy.settings;
  SELECT * INTO present FROM pg_attribute
  WHERE attrelid = key_column.relation AND attname = settings.tenant_key AND NOT attisdropped;
  IF NOT FOUND AND settings.mode = 'database' THEN
    RETURN NULL;
  ELSIF NOT FOUND OR present.atttypid <> 'uuid'::regtype OR NOT present.attnotnull THEN
    RAISE EXCEPTION 'table % has no column % that is uuid NOT NULL', key_column.relation, settings.tenant_key
      USING ERRCODE = 'invalid_table_definition', HINT = 'each row must name its tenant: add the column';
  END IF;
  RETURN present.attnum;
END
$$;

CREATE FUNCTION tenancy.index_by_key(relation regclass, key int2) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_index
    WHERE indrelid = index_by_key.relation AND indkey[0] = index_by_key.key AND indisvalid AND indpred IS NULL
  ) THEN
    EXECUTE format('CREATE INDEX ON %s (%I)', index_by_key.relation, (SELECT tenant_key FROM tenancy.settings));
  END IF;
END
$$;

-- Ties the rows of a table to the tenant that the transaction named, and lets the application at it.
--
-- `privileges`: what the application may do, in the words of GRANT; '' for nothing. May be called again, after the table has changed.
CREATE FUNCTION tenancy.protect(relation regclass, privileges text DEFAULT 'SELECT, INSERT, UPDATE, DELETE') RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  kind "char" := (SELECT relkind FROM pg_class WHERE oid = protect.relation);
  settings tenancy.settings;
  key int2;
  part regclass;
BEGIN
  SELECT * INTO STRICT settings FROM tenancy.settings;
  IF kind IS NULL OR kind NOT IN ('r', 'p') THEN
    RAISE EXCEPTION '% is no table, and only rows of a table can be kept apart', protect.relation
      USING ERRCODE = 'wrong_object_type', HINT = 'let views run with the rights of who asks: WITH (security_invoker = true)';
  ELSIF protect.privileges !~ '^((SELECT|INSERT|UPDATE|DELETE)(, (SELECT|INSERT|UPDATE|DELETE))*)?$' THEN
    RAISE EXCEPTION 'privileges are ''%'', allowed are SELECT, INSERT, UPDATE and DELETE', protect.privileges
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  key := tenancy.key_column(protect.relation);

  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', protect.relation);
  EXECUTE format('DROP POLICY IF EXISTS tenant_isolation ON %s', protect.relation);
  EXECUTE format(
    'CREATE POLICY tenant_isolation ON %s AS RESTRICTIVE FOR ALL TO PUBLIC USING (%2$s) WITH CHECK (%2$s)',
    protect.relation, tenancy.row_condition()
  );
  -- Restrictive policies take away; without one that gives, nobody sees a row
  EXECUTE format('DROP POLICY IF EXISTS tenant_access ON %s', protect.relation);
  EXECUTE format(
    'CREATE POLICY tenant_access ON %s FOR ALL TO application, schema_owner USING (true) WITH CHECK (true)',
    protect.relation
  );

  IF key IS NOT NULL THEN
    PERFORM tenancy.index_by_key(protect.relation, key);
    EXECUTE format(
      'ALTER TABLE %s ALTER COLUMN %I SET DEFAULT current_setting(%L)::uuid',
      protect.relation, settings.tenant_key, 'app.tenant_id'
    );
    -- A partition that is there already has the constraint of the whole, and cannot drop it
    IF settings.mode = 'database' AND NOT EXISTS (
      SELECT FROM pg_constraint
      WHERE conrelid = protect.relation AND conname = 'only_own_tenant' AND coninhcount > 0
    ) THEN
      EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS only_own_tenant', protect.relation);
      EXECUTE format(
        'ALTER TABLE %s ADD CONSTRAINT only_own_tenant CHECK (%I = %L::uuid)',
        protect.relation, settings.tenant_key, settings.tenant_id
      );
    END IF;
  END IF;

  EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, application', protect.relation);
  IF protect.privileges <> '' THEN
    EXECUTE format('GRANT %s ON %s TO application', protect.privileges, protect.relation);
  END IF;
  -- A partition can be asked by its own name: policies of the whole do not hold there
  FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = protect.relation LOOP
    PERFORM tenancy.protect(part, protect.privileges);
  END LOOP;
END
$$;

-- Data of nobody in particular, such as a list of countries: the application may read it and no more.
CREATE FUNCTION tenancy.share(relation regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, application', share.relation);
  EXECUTE format('GRANT SELECT ON %s TO application', share.relation);
END
$$;
