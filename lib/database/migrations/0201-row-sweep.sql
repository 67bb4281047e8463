-- Deleting rows that have outlived their period, and counting those that should be gone. Policies bind whoever does it: each tenant is entered
-- in turn, as the application enters it.

-- Tables with a period, the newest of each, by the tables that hold the rows: itself, or its partitions.
CREATE FUNCTION retention.swept() RETURNS TABLE (kept regclass, part regclass, clock name, days integer)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT newest.kept, leaf.relation, newest.clock, newest.days
  FROM (
    SELECT DISTINCT ON (period.kept) period.kept, period.clock, period.days
    FROM retention.period ORDER BY period.kept, period.id DESC
  ) AS newest
  -- A table that was dropped keeps nothing
  JOIN pg_class ON pg_class.oid = newest.kept
  CROSS JOIN LATERAL (
    SELECT newest.kept AS relation WHERE pg_class.relkind = 'r'
    UNION ALL
    SELECT tree.relid FROM pg_partition_tree(newest.kept) AS tree WHERE tree.isleaf AND pg_class.relkind = 'p'
  ) AS leaf
  WHERE newest.days IS NOT NULL
  ORDER BY 1, 2
$$;

CREATE FUNCTION retention.tenants() RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT tenant_id FROM tenancy.settings WHERE mode = 'database'
  UNION ALL
  SELECT tenant.id FROM retention.tenant, tenancy.settings WHERE settings.mode = 'rls'
$$;

-- Gives a query a name and one plan for all tenants, by the session's own means: planned anew for each, it would take many times as long.
CREATE FUNCTION retention.prepare_query(query text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_prepared_statements WHERE name = 'retention_query') THEN
    DEALLOCATE retention_query;
  END IF;
  EXECUTE 'PREPARE retention_query (timestamptz, timestamptz) AS ' || query;
END
$$;

-- Where something is overdue: tables by number and name, and the tenants whose rows they are.
CREATE FUNCTION retention.due() RETURNS TABLE (part oid, name text, tenant uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET plan_cache_mode = 'force_generic_plan'
AS $$
DECLARE
  place record;
  is_overdue boolean;
BEGIN
  FOR place IN SELECT * FROM retention.swept() LOOP
    -- The oldest row of a tenant is the first in the index
    PERFORM retention.prepare_query(format('SELECT min(%I) < $1 FROM ONLY %s', place.clock, place.part));
    part := place.part;
    name := place.part::text;
    FOR tenant IN SELECT * FROM retention.tenants() LOOP
      PERFORM tenancy.enter(tenant, session_user::text, NULL, 'retention of rows');
      EXECUTE format('EXECUTE retention_query (%L, NULL)', clock_timestamp() - make_interval(days => place.days)) INTO is_overdue;
      IF is_overdue THEN
        RETURN NEXT;
      END IF;
    END LOOP;
  END LOOP;
END
$$;

-- Deletes rows of one tenant that are past their period, the oldest first, at most `most` of them (1 to 10000). What a constraint holds back is
-- passed over and counted. Call it again with `last_at` and `last_row` of the answer, until it has seen nothing more. The table is named by
-- number: whoever calls need not reach into its schema.
CREATE FUNCTION retention.delete_overdue(
  part oid, tenant uuid, most integer DEFAULT 500, after_at timestamptz DEFAULT '-infinity', after_row tid DEFAULT '(0,0)',
  OUT seen integer, OUT deleted integer, OUT held_by text, OUT last_at text, OUT last_row text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
AS $$
DECLARE
  place record;
  cutoff timestamptz;
  overdue tid[];
  one tid;
  gone integer;
BEGIN
  IF most IS NULL OR most NOT BETWEEN 1 AND 10000 THEN
    RAISE EXCEPTION 'most is %, allowed are 1 to 10000', most USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT * INTO place FROM retention.swept() AS known WHERE known.part = delete_overdue.part;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'rows of table % have no period', delete_overdue.part::regclass
      USING ERRCODE = 'invalid_parameter_value', HINT = 'name a table that retention.due() names';
  END IF;
  cutoff := clock_timestamp() - make_interval(days => place.days);
  PERFORM tenancy.enter(delete_overdue.tenant, session_user::text, NULL, 'retention of rows');
  -- What somebody is changing just now waits for the next run
  EXECUTE format(
    'SELECT coalesce(array_agg(place ORDER BY at, place), ''{}''), count(*), max(at)::text, (array_agg(place ORDER BY at DESC, place DESC))[1]::text
    FROM (
      SELECT ctid AS place, %1$I AS at FROM ONLY %2$s
      WHERE %1$I < $1 AND (%1$I, ctid) > ($2, $3) ORDER BY %1$I, ctid LIMIT $4 FOR UPDATE SKIP LOCKED
    ) AS found',
    place.clock, place.part
  ) INTO overdue, seen, last_at, last_row USING cutoff, after_at, after_row, most;
  deleted := 0;
  BEGIN
    EXECUTE format('DELETE FROM ONLY %s WHERE ctid = ANY ($1)', place.part) USING overdue;
    GET DIAGNOSTICS deleted = ROW_COUNT;
  EXCEPTION WHEN integrity_constraint_violation THEN
    -- One row that others refer to must not keep the rest
    FOREACH one IN ARRAY overdue LOOP
      BEGIN
        EXECUTE format('DELETE FROM ONLY %s WHERE ctid = $1', place.part) USING one;
        GET DIAGNOSTICS gone = ROW_COUNT;
        deleted := deleted + gone;
      EXCEPTION WHEN integrity_constraint_violation THEN
        GET STACKED DIAGNOSTICS held_by = CONSTRAINT_NAME;
      END;
    END LOOP;
  END;
  IF deleted > 0 THEN
    PERFORM audit.record(
      'expire', place.kept::text,
      after => jsonb_build_object('days', place.days, 'before', cutoff, 'deleted', deleted, 'left', seen - deleted)
    );
  END IF;
END
$$;

-- Counts rows of each table with a period, of all tenants together: past their period by more than `grace` days, without a time, and with one
-- that is more than a day ahead. Shows none.
CREATE FUNCTION retention.overdue(grace integer DEFAULT 0)
RETURNS TABLE (kept text, clock text, days integer, overdue bigint, undated bigint, ahead bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET plan_cache_mode = 'force_generic_plan'
AS $$
DECLARE
  whole regclass;
  part regclass;
  whose uuid;
  counted bigint[];
  moment timestamptz := clock_timestamp();
BEGIN
  FOR whole, kept, clock, days IN
    SELECT DISTINCT known.kept, format('%s.%s', nspname, relname), known.clock, known.days
    FROM retention.swept() AS known JOIN pg_class ON pg_class.oid = known.kept JOIN pg_namespace ON pg_namespace.oid = relnamespace
    ORDER BY 2
  LOOP
    overdue := 0;
    undated := 0;
    ahead := 0;
    FOR part IN SELECT known.part FROM retention.swept() AS known WHERE known.kept = whole LOOP
      -- Each by the index: a row belongs to one of them at most
      PERFORM retention.prepare_query(format(
        'SELECT ARRAY[(SELECT count(*) FROM ONLY %1$s WHERE %2$I < $1), (SELECT count(*) FROM ONLY %1$s WHERE %2$I IS NULL),
          (SELECT count(*) FROM ONLY %1$s WHERE %2$I > $2)]',
        part, clock
      ));
      FOR whose IN SELECT * FROM retention.tenants() LOOP
        PERFORM tenancy.enter(whose, session_user::text, NULL, 'retention of rows');
        EXECUTE format('EXECUTE retention_query (%L, %L)', moment - make_interval(days => days + grace), moment + interval '1 day')
          INTO counted;
        overdue := overdue + counted[1];
        undated := undated + counted[2];
        ahead := ahead + counted[3];
      END LOOP;
    END LOOP;
    RETURN NEXT;
  END LOOP;
END
$$;

-- Tables that hold rows of tenants and say nothing of how long.
CREATE FUNCTION retention.without_period() RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT format('%s.%s', nspname, relname)
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE relkind IN ('r', 'p') AND NOT relispartition
    AND nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'audit', 'retention', 'tenancy')
    AND (
      has_table_privilege('application', pg_class.oid, 'INSERT, UPDATE, DELETE')
      OR has_any_column_privilege('application', pg_class.oid, 'INSERT, UPDATE')
      OR EXISTS (
        SELECT FROM pg_attribute, tenancy.settings
        WHERE attrelid = pg_class.oid AND attname = settings.tenant_key AND NOT attisdropped
      )
    )
    AND NOT EXISTS (SELECT FROM retention.period WHERE period.kept = pg_class.oid)
  ORDER BY 1
$$;

-- PUBLIC executes none of them: the default of schema_owner (0001)
GRANT EXECUTE ON FUNCTION retention.due, retention.delete_overdue, retention.overdue TO row_keeper;
GRANT EXECUTE ON FUNCTION retention.overdue, retention.without_period TO auditor;

SET LOCAL ROLE security_owner;
REVOKE CREATE ON SCHEMA retention FROM schema_owner;
SET LOCAL ROLE schema_owner;
