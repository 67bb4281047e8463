-- Erasing what a tenant has in a database that all tenants share, its rows and the keys of its people, and the keys of single people in any.
-- Policies bind whoever does it, as they bind the application: the tenant is entered first, and no other tenant's row can be named.
--
-- What is erased stands in a ledger outside of the database, and did before it was erased. The same calls erase it again in a restored copy.
--
-- What stays: entries of the activity log until their own period ends, of which fields under the key of a person are unreadable once the key is
-- gone; the mark that a key was destroyed; and the id of the tenant.

CREATE SCHEMA erasure;
GRANT USAGE ON SCHEMA erasure TO tenant_eraser, security_owner;
GRANT CREATE ON SCHEMA erasure TO security_owner;

DO $$
BEGIN
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO tenant_eraser', current_database());
END
$$;

-- Tables whose rows name a tenant, each by the tables that hold the rows: itself, or its partitions. Those of other owners see to themselves:
-- the keys of people are destroyed, not deleted, and the activity log ends by its period.
CREATE FUNCTION erasure.places() RETURNS TABLE (part oid, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT pg_class.oid, format('%s.%s', nspname, relname)
  FROM pg_class
  JOIN pg_namespace ON pg_namespace.oid = relnamespace
  JOIN pg_attribute ON attrelid = pg_class.oid AND NOT attisdropped
  JOIN tenancy.settings ON attname = settings.tenant_key AND settings.mode = 'rls'
  WHERE relkind = 'r' AND pg_get_userbyid(relowner) = 'schema_owner' AND nspname <> 'tenancy'
  ORDER BY 2
$$;

-- Deletes rows of a tenant in one table, at most `most` of them (1 to 10000). What a constraint holds back is passed over: what refers to it
-- goes first. Call it again with `last_row` of the answer until it has seen nothing more, and for every place, as long as anything is deleted.
CREATE FUNCTION erasure.erase_rows(
  part oid, tenant uuid, most integer DEFAULT 500, after_row tid DEFAULT '(0,0)',
  OUT seen integer, OUT deleted integer, OUT held_by text, OUT last_row text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  place record;
  those tid[];
  one tid;
  gone integer;
BEGIN
  IF most IS NULL OR most NOT BETWEEN 1 AND 10000 THEN
    RAISE EXCEPTION 'most is %, allowed are 1 to 10000', most USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT * INTO place FROM erasure.places() AS known WHERE known.part = erase_rows.part;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'table % holds no rows of tenants', erase_rows.part::regclass
      USING ERRCODE = 'invalid_parameter_value', HINT = 'name a table that erasure.places() names';
  END IF;
  PERFORM tenancy.enter(erase_rows.tenant, session_user::text, NULL, 'erasure of a tenant');
  EXECUTE format(
    'SELECT coalesce(array_agg(place ORDER BY place), ''{}''), count(*), max(place)::text
    FROM (SELECT ctid AS place FROM ONLY %s WHERE %I = $1 AND ctid > $2 ORDER BY ctid LIMIT $3) AS page',
    place.part::regclass, (SELECT tenant_key FROM tenancy.settings)
  ) INTO those, seen, last_row USING erase_rows.tenant, after_row, most;
  deleted := 0;
  BEGIN
    EXECUTE format('DELETE FROM ONLY %s WHERE ctid = ANY ($1)', place.part::regclass) USING those;
    GET DIAGNOSTICS deleted = ROW_COUNT;
  EXCEPTION WHEN integrity_constraint_violation THEN
    -- One row that others refer to must not keep the rest
    FOREACH one IN ARRAY those LOOP
      BEGIN
        EXECUTE format('DELETE FROM ONLY %s WHERE ctid = $1', place.part::regclass) USING one;
        GET DIAGNOSTICS gone = ROW_COUNT;
        deleted := deleted + gone;
      EXCEPTION WHEN integrity_constraint_violation THEN
        GET STACKED DIAGNOSTICS held_by = CONSTRAINT_NAME;
      END;
    END LOOP;
  END;
END
$$;

SET LOCAL ROLE security_owner;
-- Keys of people of the tenant that was entered which still open something, all of them or those named; destroys them first where that is asked.
CREATE FUNCTION erasure.keys_of_entered(destroy boolean, which uuid[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF destroy THEN
    UPDATE secure.subject_key SET wrapped = NULL, destroyed_at = clock_timestamp()
    WHERE wrapped IS NOT NULL AND (which IS NULL OR id = ANY (which));
    DELETE FROM secure.key_to_destroy
    WHERE of_tenant = current_setting('app.tenant_id')::uuid AND (which IS NULL OR key = ANY (which));
  END IF;
  RETURN (SELECT count(*) FROM secure.subject_key WHERE wrapped IS NOT NULL AND (which IS NULL OR id = ANY (which)));
END
$$;

-- Keys whose destruction was asked for, of all tenants, the oldest first.
CREATE FUNCTION erasure.asked_keys() RETURNS TABLE (key uuid, tenant uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT key, of_tenant FROM secure.key_to_destroy ORDER BY asked_at, key
$$;
REVOKE ALL ON FUNCTION erasure.keys_of_entered, erasure.asked_keys FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erasure.keys_of_entered TO schema_owner;
GRANT EXECUTE ON FUNCTION erasure.asked_keys TO tenant_eraser;
SET LOCAL ROLE schema_owner;
REVOKE CREATE ON SCHEMA erasure FROM security_owner;

-- Destroys keys of people of a tenant, those named or all: what is encrypted under them, in backups of the rows and in the activity log, stays
-- unreadable. Returns how many of them still open something: 0.
CREATE FUNCTION erasure.destroy_keys(tenant uuid, which uuid[] DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM tenancy.enter(
    destroy_keys.tenant, session_user::text, NULL, CASE WHEN which IS NULL THEN 'erasure of a tenant' ELSE 'erasure of people' END
  );
  RETURN erasure.keys_of_entered(true, which);
END
$$;

-- How many of the keys of a tenant's people that are named open something.
CREATE FUNCTION erasure.living_keys(tenant uuid, which uuid[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM tenancy.enter(living_keys.tenant, session_user::text, NULL, 'erasure of people');
  RETURN erasure.keys_of_entered(false, which);
END
$$;

-- What a tenant still has: rows by table, and keys. Nothing where nothing is left.
CREATE FUNCTION erasure.remains(tenant uuid) RETURNS TABLE (name text, left_over bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  place record;
BEGIN
  PERFORM tenancy.enter(remains.tenant, session_user::text, NULL, 'erasure of a tenant');
  FOR place IN SELECT * FROM erasure.places() LOOP
    EXECUTE format(
      'SELECT count(*) FROM ONLY %s WHERE %I = $1', place.part::regclass, (SELECT tenant_key FROM tenancy.settings)
    ) INTO left_over USING remains.tenant;
    name := place.name;
    IF left_over > 0 THEN
      RETURN NEXT;
    END IF;
  END LOOP;
  name := 'secure.subject_key';
  left_over := erasure.keys_of_entered(false, NULL);
  IF left_over > 0 THEN
    RETURN NEXT;
  END IF;
END
$$;

-- PUBLIC executes none of them: the default of schema_owner (0001)
GRANT EXECUTE ON FUNCTION erasure.places, erasure.erase_rows, erasure.destroy_keys, erasure.living_keys, erasure.remains TO tenant_eraser;
