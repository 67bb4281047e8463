-- How long rows are kept, declared by the migration that makes their table. The newest declaration of a table counts; none is changed or
-- removed, so that what was promised once can be read later.

DO $$
BEGIN
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO row_keeper', current_database());
  EXECUTE format('GRANT CREATE ON DATABASE %I TO security_owner', current_database());
END
$$;
SET LOCAL ROLE security_owner;
CREATE SCHEMA retention;
GRANT USAGE ON SCHEMA retention TO schema_owner, auditor, row_keeper;
-- What deletes rows obeys the policies of tables (0201), so it belongs to their owner: the right is taken back there
GRANT CREATE ON SCHEMA retention TO schema_owner;

CREATE TABLE retention.period (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kept regclass NOT NULL,
  -- Column from whose time on a row is kept, and for how many days; neither where rows stay as long as the account is in use
  clock name,
  days integer CHECK (days BETWEEN 1 AND 36500),
  -- Why rows stay that long
  reason text CHECK (length(trim(reason)) >= 10),
  declared_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  declared_by text NOT NULL DEFAULT session_user,
  CONSTRAINT by_clock_or_by_account CHECK ((clock IS NULL) = (days IS NULL) AND (days IS NULL) = (reason IS NOT NULL))
);
CREATE INDEX period_by_table ON retention.period (kept, id);

-- Whose rows there are, where tenants share the database: nobody can ask a table, for its policies show the rows of one tenant at a time
CREATE TABLE retention.tenant (
  id uuid PRIMARY KEY
);
GRANT SELECT ON retention.period, retention.tenant TO schema_owner;
GRANT SELECT ON retention.period TO auditor;

CREATE FUNCTION retention.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION 'what rows are kept for is append-only: % of retention.% is refused', lower(TG_OP), TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege', HINT = 'declare another period: the newest counts';
END
$$;

DO $$
DECLARE
  guarded text;
BEGIN
  FOREACH guarded IN ARRAY ARRAY['period', 'tenant'] LOOP
    EXECUTE format(
      'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON retention.%I FOR EACH ROW EXECUTE FUNCTION retention.refuse_change()', guarded
    );
    EXECUTE format(
      'CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON retention.%I FOR EACH STATEMENT EXECUTE FUNCTION retention.refuse_change()',
      guarded
    );
    -- Replica mode skips triggers that are not enabled always
    EXECUTE format('ALTER TABLE retention.%I ENABLE ALWAYS TRIGGER append_only', guarded);
    EXECUTE format('ALTER TABLE retention.%I ENABLE ALWAYS TRIGGER append_only_truncate', guarded);
  END LOOP;
END
$$;

CREATE FUNCTION retention.note_tenants(tenants uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO retention.tenant (id) SELECT DISTINCT unnest(tenants) ON CONFLICT DO NOTHING;
END
$$;

-- A row came to a table with a period. Argument: the column of its tenant.
CREATE FUNCTION retention.note_tenant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  whose uuid := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
  -- Almost always known already: then nothing is written, and nobody waits
  IF NOT EXISTS (SELECT FROM retention.tenant WHERE tenant.id = whose) THEN
    INSERT INTO retention.tenant (id) VALUES (whose) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION retention.record_period(kept regclass, clock name, days integer, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO retention.period (kept, clock, days, reason)
  VALUES (record_period.kept, record_period.clock, record_period.days, record_period.reason);
END
$$;

-- A table, its tenants and the index that finds what is overdue: whatever keeps a period from being a word only is refused.
CREATE FUNCTION retention.check_table(kept regclass, clock name, key int2) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  relation pg_class;
  present pg_attribute;
  hiding name;
  columns text := CASE WHEN key IS NULL THEN '' ELSE (SELECT tenant_key || ', ' FROM tenancy.settings) END || quote_ident(clock);
BEGIN
  SELECT * INTO STRICT relation FROM pg_class WHERE oid = check_table.kept;
  IF relation.relkind NOT IN ('r', 'p') OR relation.relispartition THEN
    RAISE EXCEPTION '% is no table of its own, and a period is for the whole of one', check_table.kept
      USING ERRCODE = 'wrong_object_type', HINT = 'name the table, and not a view or a partition of it';
  ELSIF NOT (relation.relrowsecurity AND relation.relforcerowsecurity) THEN
    RAISE EXCEPTION 'rows of table % are not tied to their tenants', check_table.kept
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = format('call tenancy.protect(%L) first', check_table.kept);
  END IF;
  -- What deletes rows is bound by policies as well: what it cannot see would stay for ever, uncounted
  SELECT polname INTO hiding FROM pg_policy
  WHERE polrelid = check_table.kept AND NOT polpermissive AND polname <> 'tenant_isolation' AND polcmd <> 'a'
    AND polroles && ARRAY[0, relation.relowner];
  IF FOUND THEN
    RAISE EXCEPTION 'policy % of table % may hide rows from what deletes them', hiding, check_table.kept
      USING ERRCODE = 'invalid_table_definition', HINT = 'let it bind the application alone: CREATE POLICY … TO application';
  END IF;
  SELECT * INTO present FROM pg_attribute
  WHERE attrelid = check_table.kept AND attname = check_table.clock AND attnum > 0 AND NOT attisdropped;
  IF NOT FOUND OR present.atttypid <> 'timestamptz'::regtype OR NOT present.attnotnull THEN
    RAISE EXCEPTION 'table % has no column % that is timestamptz NOT NULL', check_table.kept, check_table.clock
      USING ERRCODE = 'invalid_table_definition', HINT = 'a row without a time would be kept for ever: name the column of when it was made';
  ELSIF NOT EXISTS (
    SELECT FROM pg_index
    WHERE indrelid = check_table.kept AND indisvalid AND indpred IS NULL
      AND (
        (indkey[0] = key AND indkey[1] = present.attnum AND indnkeyatts > 1)
        -- All rows are one tenant's
        OR (indkey[0] = present.attnum AND (SELECT mode FROM tenancy.settings) = 'database')
      )
  ) THEN
    RAISE EXCEPTION 'table % has no index by which rows past their period are found', check_table.kept
      USING ERRCODE = 'invalid_table_definition', HINT = format('CREATE INDEX ON %s (%s)', check_table.kept, columns);
  END IF;
END
$$;

-- Tenants that have rows already. The owner sees all of them while its own policies do not bind it: nobody else sees that, for the lock
-- keeps everybody out until the migration commits.
CREATE FUNCTION retention.note_present(kept regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  tenants uuid[];
BEGIN
  EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', note_present.kept);
  -- From one tenant to the next by the index, whatever the number of rows
  EXECUTE format(
    'WITH RECURSIVE step AS (
      (SELECT %1$I AS tenant FROM %2$s ORDER BY 1 LIMIT 1)
      UNION ALL
      SELECT (SELECT %1$I FROM %2$s WHERE %1$I > step.tenant ORDER BY 1 LIMIT 1) FROM step WHERE step.tenant IS NOT NULL
    ) SELECT array_agg(tenant) FROM step WHERE tenant IS NOT NULL',
    (SELECT tenant_key FROM tenancy.settings), note_present.kept
  ) INTO tenants;
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', note_present.kept);
  PERFORM retention.note_tenants(tenants);
END
$$;

-- Keeps the rows of a table for a number of days, 1 to 36500, from the time in the column `clock` on: that of an event that is over, such as
-- created_at, and never one to come. Call it as the owner of the table, after tenancy.protect; again for another period, and after a
-- partition with rows was attached.
CREATE FUNCTION retention.keep(kept regclass, clock name, days integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  key int2 := tenancy.key_column(keep.kept);
BEGIN
  IF keep.days IS NULL OR keep.days NOT BETWEEN 1 AND 36500 THEN
    RAISE EXCEPTION 'rows of % cannot be kept for % days: allowed are 1 to 36500', keep.kept, coalesce(keep.days::text, 'no')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'for rows that stay as long as their account, call retention.keep_while_active';
  END IF;
  PERFORM retention.check_table(keep.kept, keep.clock, key);
  IF (SELECT mode FROM tenancy.settings) = 'rls' THEN
    EXECUTE format('DROP TRIGGER IF EXISTS note_tenant ON %s', keep.kept);
    EXECUTE format(
      'CREATE TRIGGER note_tenant AFTER INSERT ON %s FOR EACH ROW EXECUTE FUNCTION retention.note_tenant(%L)',
      keep.kept, (SELECT tenant_key FROM tenancy.settings)
    );
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER note_tenant', keep.kept);
    PERFORM retention.note_present(keep.kept);
  END IF;
  PERFORM retention.record_period(keep.kept, keep.clock, keep.days, NULL);
END
$$;

-- Keeps the rows of a table for as long as the account is in use that they belong to: nothing deletes them by their age. The reason, of ten
-- letters or more, is for whoever reads the schedule.
CREATE FUNCTION retention.keep_while_active(kept regclass, reason text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF length(trim(coalesce(keep_while_active.reason, ''))) < 10 THEN
    RAISE EXCEPTION 'reason to keep the rows of % is ''%'', expected ten letters or more', keep_while_active.kept, keep_while_active.reason
      USING ERRCODE = 'invalid_parameter_value', HINT = 'say what the account needs them for';
  END IF;
  PERFORM retention.record_period(keep_while_active.kept, NULL, NULL, keep_while_active.reason);
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA retention FROM PUBLIC;
-- Who declares owns the table, and so could drop it as well; who runs as the application does neither
GRANT EXECUTE ON FUNCTION retention.keep, retention.keep_while_active, retention.check_table, retention.note_present, retention.note_tenants,
  retention.note_tenant, retention.record_period TO schema_owner;
-- What is deleted is told to the activity log
GRANT EXECUTE ON FUNCTION audit.record TO schema_owner;

SET LOCAL ROLE schema_owner;
DO $$
BEGIN
  EXECUTE format('REVOKE CREATE ON DATABASE %I FROM security_owner', current_database());
END
$$;

SELECT retention.keep_while_active('secure.subject_key', 'the mark that a key was destroyed stays, so that nobody makes it anew unnoticed');
