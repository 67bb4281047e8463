-- The activity and audit log: who did what to what, when and from where, with the values before and after.
--
-- Entries are written in the transaction that they tell of, by functions of security_owner alone, and are linked into chains of hashes when it
-- commits (0101). Nobody may change one; only retention removes any (0103).

DO $$
BEGIN
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO audit_keeper', current_database());
  EXECUTE format('GRANT CREATE ON DATABASE %I TO security_owner', current_database());
END
$$;
SET LOCAL ROLE security_owner;
CREATE SCHEMA audit;
CREATE SCHEMA secure;
GRANT USAGE ON SCHEMA audit, secure TO application, schema_owner, migrator, auditor, audit_keeper;

-- No CHECK: PostgreSQL reads the text of each anew for every statement, which took a third of the time of writing an entry. Who may write at all is
-- a handful of functions (0102), and they see to it.
CREATE TABLE audit.log (
  id bigint GENERATED ALWAYS AS IDENTITY,
  -- First entry of the statement: its entries are a batch, of one time, and have one link together (0101)
  batch bigint NOT NULL,
  -- Whether it is the only entry of its batch: it is linked without being looked up again
  alone boolean NOT NULL,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  -- Of the request, or of the database session where no request is behind it
  client_address inet NOT NULL,
  user_agent text NOT NULL,
  tenant_id uuid,
  request_id text,
  -- Role that signed in to the database
  login text NOT NULL,
  action text NOT NULL,
  -- schema.table, or the name of what a privileged act concerns
  object text NOT NULL,
  object_key jsonb,
  changed text[],
  before jsonb,
  after jsonb,
  PRIMARY KEY (batch, id, at)
) PARTITION BY RANGE (at);

COMMENT ON TABLE audit.log IS 'Activity and audit log; append-only, hash-chained by audit.link, batch by batch';

CREATE INDEX log_by_object ON audit.log (object, at);
CREATE INDEX log_by_tenant ON audit.log (tenant_id, at);

-- A tenant reads its own entries, and none where no tenant is set. The sub-select is evaluated once for a statement, and not for each row
ALTER TABLE audit.log ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.log FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_writes ON audit.log TO security_owner USING (true) WITH CHECK (true);
CREATE POLICY all_entries ON audit.log FOR SELECT TO audit_keeper USING (true);
CREATE POLICY own_tenant ON audit.log FOR SELECT TO application
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid AS tenant));
GRANT SELECT ON audit.log TO application, audit_keeper;
-- The auditor looks at no row of a tenant: of the chain it sees the links (0101)

-- Refuses every change of what is written, also for superusers and in replica mode; retention may delete what a checkpoint has passed.
CREATE FUNCTION audit.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_user = 'security_owner' THEN
    IF TG_ARGV[0] = 'log' THEN
      IF OLD.at < (SELECT max(before) FROM audit.checkpoint) THEN
        RETURN OLD;
      END IF;
    ELSIF TG_ARGV[0] = 'link' THEN
      IF OLD.seq <= (SELECT max(seq) FROM audit.checkpoint WHERE lane = OLD.lane) THEN
        RETURN OLD;
      END IF;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only: % of audit.% is refused', lower(TG_OP), TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.log
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_change('log');
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit.log
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

-- Partitions of the months to come. Safe to run at any time, by whoever keeps the log.
CREATE FUNCTION audit.prepare_partitions(months integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
  this_month date := date_trunc('month', clock_timestamp());
  lower_end date;
  partition text;
  made integer := 0;
BEGIN
  FOR ahead IN 0..months LOOP
    lower_end := this_month + make_interval(months => ahead);
    partition := 'log_' || to_char(lower_end, 'YYYY_MM');
    CONTINUE WHEN to_regclass('audit.' || partition) IS NOT NULL;
    EXECUTE format(
      'CREATE TABLE audit.%I PARTITION OF audit.log FOR VALUES FROM (%L) TO (%L)',
      partition, lower_end::timestamptz, (lower_end + interval '1 month')::timestamptz
    );
    PERFORM audit.protect_partition(partition);
    made := made + 1;
  END LOOP;
  RETURN made;
END
$$;

-- Row triggers come from the partitioned table; those of statements do not, and its policies hold only through it.
CREATE FUNCTION audit.protect_partition(partition text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  EXECUTE format('ALTER TABLE audit.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', partition);
  EXECUTE format('CREATE POLICY owner_writes ON audit.%I TO security_owner USING (true) WITH CHECK (true)', partition);
  EXECUTE format(
    'CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit.%I FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()',
    partition
  );
  EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER append_only_truncate', partition);
  EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER append_only', partition);
  EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER seal', partition);
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.prepare_partitions TO audit_keeper;

SET LOCAL ROLE schema_owner;
DO $$
BEGIN
  EXECUTE format('REVOKE CREATE ON DATABASE %I FROM security_owner', current_database());
END
$$;
