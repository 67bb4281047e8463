-- The chains: one link for each batch of entries, each hash over the one before. There are sixteen, the lanes, so that as many transactions
-- commit at the same time, each in a lane of its own.
--
-- Links are made by a deferred trigger, when the transaction commits: it takes a lane that nobody holds, and where each is held it waits for
-- that of its session and holds none itself, so a lane cannot be part of a deadlock. What it costs: the seventeenth of as many transactions that commit at once
-- waits for another, and with REPEATABLE READ one that comes into a lane which has grown since its snapshot fails with 40001 and must be tried again.

SET LOCAL ROLE security_owner;

-- Which chains these are: copied ones are not mistaken for another database's.
CREATE TABLE audit.chain (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  begun timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The lock of a row orders the commits of its lane; an advisory lock would do as well, but anybody who can sign in could hold one for ever.
CREATE TABLE audit.lane (
  id smallint PRIMARY KEY
);

CREATE TABLE audit.link (
  lane smallint NOT NULL,
  seq bigint NOT NULL,
  batch bigint NOT NULL,
  -- Time of every entry of the batch
  at timestamptz NOT NULL,
  entries bigint NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (lane, seq)
);

-- Where a lane begins: what retention removed ends here. The first row of each is where it began.
CREATE TABLE audit.checkpoint (
  lane smallint NOT NULL,
  seq bigint NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  -- Every entry removed is older than this
  before timestamptz NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (lane, seq)
);
CREATE INDEX checkpoint_by_time ON audit.checkpoint (before);

INSERT INTO audit.chain DEFAULT VALUES;
INSERT INTO audit.lane SELECT generate_series(0, 15);
INSERT INTO audit.checkpoint (lane, seq, hash, before)
  SELECT lane.id, 0, sha256(convert_to('avouch-audit-3:' || chain.id || ':' || lane.id, 'UTF8')), '-infinity'
  FROM audit.chain CROSS JOIN audit.lane;

GRANT SELECT ON audit.chain, audit.lane, audit.link, audit.checkpoint TO auditor, audit_keeper;

-- Takes a lane until the end of the transaction where that of the session is held: another that is free, or it waits for its own.
CREATE FUNCTION audit.take_lane() RETURNS smallint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  own integer := pg_backend_pid() % 16;
  taken smallint;
BEGIN
  SELECT id INTO taken FROM audit.lane ORDER BY (id - own + 16) % 16 LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    SELECT id INTO STRICT taken FROM audit.lane WHERE id = own FOR UPDATE;
  END IF;
  RETURN taken;
END
$$;

-- Links a batch. The hash is over the one before it, what the link says, and the digest of each entry in the order of their ids. A digest is over
-- the values of an entry as PostgreSQL writes a row, so that no two entries are written alike. lib/database/audit-link.ts computes the same.
--
-- An entry that says it is alone is at hand, and the log in its many partitions need not be asked. Would it be wrong about that, the link would bind
-- one entry of several, and whoever verifies finds more than the link says.
CREATE FUNCTION audit.seal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  own smallint;
  last record;
  bound bigint := 1;
  digests bytea;
BEGIN
  -- Before a lane is taken, which others may want
  IF NEW.alone THEN
    digests := sha256(convert_to(ROW(
      NEW.id, NEW.batch, NEW.alone, extract(epoch FROM NEW.at), NEW.actor, NEW.client_address, NEW.user_agent, NEW.tenant_id, NEW.request_id,
      NEW.login, NEW.action, NEW.object, NEW.object_key, to_jsonb(NEW.changed), NEW.before, NEW.after
    )::text, 'UTF8'));
  ELSE
    SELECT count(*), string_agg(
      sha256(convert_to(ROW(
        entry.id, entry.batch, entry.alone, extract(epoch FROM entry.at), entry.actor, entry.client_address, entry.user_agent, entry.tenant_id,
        entry.request_id, entry.login, entry.action, entry.object, entry.object_key, to_jsonb(entry.changed), entry.before, entry.after
      )::text, 'UTF8')),
      '' ORDER BY entry.id
    ) INTO bound, digests
    FROM audit.log AS entry WHERE entry.batch = NEW.batch AND entry.at = NEW.at;
  END IF;
  -- That of the session, where nobody holds it
  SELECT id INTO own FROM audit.lane WHERE id = pg_backend_pid() % 16 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    own := audit.take_lane();
  END IF;
  SELECT seq, hash INTO last FROM audit.link WHERE lane = own ORDER BY seq DESC LIMIT 1;
  IF NOT FOUND THEN
    SELECT seq, hash INTO STRICT last FROM audit.checkpoint WHERE lane = own ORDER BY seq DESC LIMIT 1;
  END IF;
  INSERT INTO audit.link (lane, seq, batch, at, entries, hash)
  VALUES (
    own, last.seq + 1, NEW.batch, NEW.at, bound,
    sha256(last.hash || convert_to(format('[%s,%s,%s,%s]', own, last.seq + 1, NEW.batch, bound), 'UTF8') || digests)
  )
  -- A snapshot from before another commit does not show the last link: the transaction has to be tried again
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'another transaction has extended the audit chain' USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON audit.log
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.id = NEW.batch) EXECUTE FUNCTION audit.seal();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.link
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change('link');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.checkpoint
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change('checkpoint');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.chain
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change('chain');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.lane
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change('lane');

DO $$
DECLARE
  protected text;
BEGIN
  FOREACH protected IN ARRAY ARRAY['link', 'checkpoint', 'chain', 'lane'] LOOP
    EXECUTE format(
      'CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit.%I FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()',
      protected
    );
  END LOOP;
  -- Replica mode skips triggers that are not enabled always
  FOREACH protected IN ARRAY ARRAY['log', 'link', 'checkpoint', 'chain', 'lane'] LOOP
    EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER append_only', protected);
    EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER append_only_truncate', protected);
  END LOOP;
  ALTER TABLE audit.log ENABLE ALWAYS TRIGGER seal;
  -- Where a month was not prepared, entries are kept all the same
  CREATE TABLE audit.log_otherwise PARTITION OF audit.log DEFAULT;
  PERFORM audit.protect_partition('log_otherwise');
  PERFORM audit.prepare_partitions(12);
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;

SET LOCAL ROLE schema_owner;
