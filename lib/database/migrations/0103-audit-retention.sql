-- Removing what has outlived its period: a checkpoint says where each lane now begins, and an entry says that it was done.

SET LOCAL ROLE security_owner;

-- Removes entries older than a number of days, at least 90, by whole days of UTC. Returns how many.
CREATE FUNCTION audit.apply_retention(days integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
  cutoff timestamptz := date_trunc('day', clock_timestamp()) - make_interval(days => days);
  own smallint;
  last record;
  removed bigint;
  all_removed bigint := 0;
  cut jsonb := '{}';
BEGIN
  IF days < 90 THEN
    RAISE EXCEPTION 'entries cannot be removed after % days: they are kept for at least 90', days
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  -- One run at a time; whoever writes entries goes on
  LOCK TABLE audit.checkpoint IN SHARE ROW EXCLUSIVE MODE;
  FOR own IN SELECT id FROM audit.lane ORDER BY id LOOP
    -- A transaction may have written its entries long before it committed: the lane is cut before the first link that is kept
    SELECT seq, hash INTO last FROM audit.link
    WHERE lane = own
      AND seq < coalesce((SELECT min(seq) FROM audit.link WHERE lane = own AND at >= cutoff), 9223372036854775807)
    ORDER BY seq DESC LIMIT 1;
    CONTINUE WHEN NOT FOUND;
    INSERT INTO audit.checkpoint (lane, seq, hash, before) VALUES (own, last.seq, last.hash, cutoff);
    DELETE FROM audit.log AS entry USING audit.link
    WHERE link.lane = own AND link.seq <= last.seq AND entry.batch = link.batch AND entry.at = link.at;
    GET DIAGNOSTICS removed = ROW_COUNT;
    DELETE FROM audit.link WHERE lane = own AND seq <= last.seq;
    all_removed := all_removed + removed;
    cut := cut || jsonb_build_object(own::text, last.seq);
  END LOOP;
  IF cut <> '{}' THEN
    PERFORM set_config('app.actor', session_user, true);
    PERFORM audit.write_entry(
      'retention', 'audit.log', NULL, NULL,
      jsonb_build_object('days', days, 'before', cutoff, 'lanes', cut, 'removed', all_removed)
    );
  END IF;
  RETURN all_removed;
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
