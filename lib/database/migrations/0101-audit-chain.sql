-- The chain: one link for each entry, in the order of commits, each hash over the one before.
--
-- Links are made by a deferred trigger, when the transaction commits: it then waits for no row any more, so the lock of the chain cannot be part
-- of a deadlock, and is held for the hashing and the commit alone. What it costs: transactions that write entries commit one after the other in
-- each database, and with REPEATABLE READ the later of two fails with 40001 and must be tried again.

SET LOCAL ROLE security_owner;

-- Which chain this is: a copied chain is not mistaken for another database's. Its lock orders the commits; an advisory lock would do as
-- well, but anybody who can sign in could hold one for ever.
CREATE TABLE audit.chain (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  begun timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE audit.link (
  seq bigint PRIMARY KEY,
  entry_id bigint NOT NULL,
  entry_at timestamptz NOT NULL,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);

-- Where the chain begins: what retention removed ends here. The first row is where it began.
CREATE TABLE audit.checkpoint (
  seq bigint PRIMARY KEY,
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  -- Every entry removed is older than this
  before timestamptz NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

INSERT INTO audit.chain DEFAULT VALUES;
INSERT INTO audit.checkpoint (seq, hash, before)
  SELECT 0, sha256(convert_to('avouch-audit-1:' || id, 'UTF8')), '-infinity' FROM audit.chain;

GRANT SELECT ON audit.chain, audit.link, audit.checkpoint TO auditor, audit_keeper;

-- What the hash of an entry is over: each value with its length in front, so that no two entries are written alike.
-- lib/database/audit-link.ts writes the same, without asking this function. In PL/pgSQL its plan is kept; a function in SQL is planned for each row.
CREATE FUNCTION audit.canonical(seq bigint, entry audit.log) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT string_agg(coalesce(octet_length(value) || ':' || value, '-') || ',', '' ORDER BY place)
    FROM unnest(ARRAY[
      seq::text,
      entry.id::text,
      to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      entry.actor,
      text(entry.client_address),
      entry.user_agent,
      entry.tenant_id::text,
      entry.request_id,
      entry.login,
      entry.action,
      entry.object,
      entry.object_key::text,
      to_jsonb(entry.changed)::text,
      entry.before::text,
      entry.after::text
    ]) WITH ORDINALITY AS field (value, place)
  );
END
$$;

CREATE FUNCTION audit.seal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  last record;
BEGIN
  LOCK TABLE audit.chain IN EXCLUSIVE MODE;
  SELECT seq, hash INTO last FROM audit.link ORDER BY seq DESC LIMIT 1;
  IF NOT FOUND THEN
    SELECT seq, hash INTO STRICT last FROM audit.checkpoint ORDER BY seq DESC LIMIT 1;
  END IF;
  INSERT INTO audit.link (seq, entry_id, entry_at, hash)
  VALUES (
    last.seq + 1, NEW.id, NEW.at,
    sha256(last.hash || convert_to(audit.canonical(last.seq + 1, NEW), 'UTF8'))
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
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit.seal();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.link
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change('link');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.checkpoint
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change('checkpoint');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.chain
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change('chain');

DO $$
DECLARE
  protected text;
BEGIN
  FOREACH protected IN ARRAY ARRAY['link', 'checkpoint', 'chain'] LOOP
    EXECUTE format(
      'CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit.%I FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()',
      protected
    );
  END LOOP;
  -- Replica mode skips triggers that are not enabled always
  FOREACH protected IN ARRAY ARRAY['log', 'link', 'checkpoint', 'chain'] LOOP
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
