-- Removing what has outlived its period: a checkpoint says where the chain now begins, and an entry says that it was done.

SET LOCAL ROLE security_owner;

-- Removes entries older than a number of days, at least 90. Returns how many.
CREATE FUNCTION audit.apply_retention(days integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  cutoff timestamptz := clock_timestamp() - make_interval(days => days);
  last record;
  removed bigint;
BEGIN
  IF days < 90 THEN
    RAISE EXCEPTION 'entries cannot be removed after % days: they are kept for at least 90', days
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  LOCK TABLE audit.chain IN EXCLUSIVE MODE;
  -- A transaction may have written its entry long before it committed: the chain is cut before the first link that is kept
  SELECT seq, hash INTO last FROM audit.link
  WHERE seq < coalesce((SELECT min(seq) FROM audit.link WHERE entry_at >= cutoff), 9223372036854775807)
  ORDER BY seq DESC LIMIT 1;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  INSERT INTO audit.checkpoint (seq, hash, before) VALUES (last.seq, last.hash, cutoff);
  DELETE FROM audit.log AS entry USING audit.link
  WHERE link.seq <= last.seq AND entry.id = link.entry_id AND entry.at = link.entry_at;
  GET DIAGNOSTICS removed = ROW_COUNT;
  DELETE FROM audit.link WHERE seq <= last.seq;
  PERFORM set_config('app.actor', session_user, true);
  PERFORM audit.write_entry(
    'retention', 'audit.log', NULL, NULL, NULL,
    jsonb_build_object('days', days, 'before', cutoff, 'seq', last.seq, 'removed', removed)
  );
  RETURN removed;
END
$$;

-- Gives back the space of months that are over and empty. It waits for whoever writes entries, and gives up soon: the next run tries again.
CREATE FUNCTION audit.drop_empty_partitions() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '3s'
AS $$
DECLARE
  partition regclass;
  holds_entries boolean;
  dropped integer := 0;
BEGIN
  FOR partition IN
    SELECT inhrelid FROM pg_inherits
    JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'audit.log'::regclass
      AND relname ~ '^log_\d{4}_\d{2}$'
      AND relname < 'log_' || to_char(clock_timestamp() AT TIME ZONE 'UTC' - interval '1 month', 'YYYY_MM')
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', partition) INTO holds_entries;
    IF NOT holds_entries THEN
      EXECUTE format('DROP TABLE %s', partition);
      dropped := dropped + 1;
    END IF;
  END LOOP;
  RETURN dropped;
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.apply_retention, audit.drop_empty_partitions TO audit_keeper;

SET LOCAL ROLE schema_owner;
