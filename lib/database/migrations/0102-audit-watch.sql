-- What writes entries: triggers on watched tables, and a function for reads and privileged acts.

SET LOCAL ROLE security_owner;

-- Begins the entries of one statement with what they all say: who did it, when and from where. Without an actor the act itself fails.
CREATE FUNCTION audit.first_entry(action text, object text) RETURNS audit.log
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  entry audit.log;
BEGIN
  entry.actor := current_setting('app.actor', true);
  IF coalesce(entry.actor, '') = '' THEN
    RAISE EXCEPTION 'no actor is set, so % of % would be nobody''s', action, object
      USING ERRCODE = 'insufficient_privilege', HINT = 'set app.actor for the transaction, as tenancy.enter does';
  ELSIF action = '' THEN
    RAISE EXCEPTION 'action is empty: an entry names what was done' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  entry.id := nextval('audit.log_id_seq');
  entry.batch := entry.id;
  entry.at := clock_timestamp();
  entry.client_address :=
    coalesce(nullif(current_setting('app.client_address', true), '')::inet, inet_client_addr(), '127.0.0.1');
  entry.user_agent := nullif(current_setting('app.user_agent', true), '');
  IF entry.user_agent IS NULL THEN
    entry.user_agent := 'database session ' || coalesce(nullif(current_setting('application_name', true), ''), 'without a name');
  END IF;
  entry.tenant_id := nullif(current_setting('app.tenant_id', true), '')::uuid;
  entry.request_id := nullif(current_setting('app.request_id', true), '');
  entry.login := session_user;
  entry.action := action;
  entry.object := object;
  RETURN entry;
END
$$;

-- Writes the one entry of an act.
CREATE FUNCTION audit.write_entry(action text, object text, object_key jsonb, before jsonb, after jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  entry audit.log := audit.first_entry(action, object);
BEGIN
  entry.alone := true;
  entry.object_key := object_key;
  entry.before := before;
  entry.after := after;
  INSERT INTO audit.log OVERRIDING SYSTEM VALUE VALUES (entry.*);
END
$$;

-- A statement changed a watched table: one entry for each row. Arguments: columns of the primary key, and columns whose values stay out of the log.
--
-- PostgreSQL hands over the rows before and the rows after, and does not say which became which. A row is what its key names: the values before
-- and after under one key are one update. A key that is gone was deleted and one that came was inserted, also where a statement changed keys.
CREATE FUNCTION audit.on_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- A session must not round what is logged; plans for the partitions of the log cost more than what they would save; and rows are found by their key
-- sooner than they are sorted by it, which the plan that a session keeps must not forget where its first statement was a large one
SET extra_float_digits = 1 SET plan_cache_mode = force_generic_plan SET enable_mergejoin = off
AS $$
DECLARE
  object text := TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
  key_columns text[] := TG_ARGV[0];
  concealed text[] := TG_ARGV[1];
  is_open boolean := concealed = '{}';
  other_columns text[];
  first audit.log;
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    PERFORM audit.write_entry('truncate', object, NULL, NULL, NULL);
    RETURN NULL;
  END IF;
  SELECT ARRAY(SELECT jsonb_object_keys(row_values - key_columns) ORDER BY 1) INTO other_columns
  FROM (SELECT to_jsonb(each.*) AS row_values FROM changed_rows AS each LIMIT 1) AS sample;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  first := audit.first_entry(lower(TG_OP), object);
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO audit.log (
      id, batch, alone, at, actor, client_address, user_agent, tenant_id, request_id, login, action, object, object_key, changed, before, after
    ) OVERRIDING SYSTEM VALUE
    SELECT
      CASE place WHEN 1 THEN first.id ELSE nextval('audit.log_id_seq') END,
      first.batch, is_last AND place = 1, first.at, first.actor, first.client_address, first.user_agent, first.tenant_id, first.request_id, first.login,
      CASE WHEN old_row IS NULL THEN 'insert' WHEN new_row IS NULL THEN 'delete' ELSE 'update' END,
      first.object, object_key,
      CASE WHEN old_row IS NOT NULL AND new_row IS NOT NULL THEN
        ARRAY(SELECT name FROM unnest(other_columns) AS name WHERE new_row -> name IS DISTINCT FROM old_row -> name)
      END,
      CASE WHEN is_open THEN old_row ELSE audit.conceal(old_row, concealed) END,
      CASE WHEN is_open THEN new_row ELSE audit.conceal(new_row, concealed) END
    FROM (
      SELECT row_number() OVER () AS place, lead(false, 1, true) OVER () AS is_last, object_key, old_row, new_row
      FROM (
        SELECT old_row - other_columns AS object_key, old_row
        FROM (SELECT to_jsonb(each.*) AS old_row FROM former_rows AS each) AS former
      ) AS former
      FULL JOIN (
        SELECT new_row - other_columns AS object_key, new_row
        FROM (SELECT to_jsonb(each.*) AS new_row FROM changed_rows AS each) AS latter
      ) AS latter
      USING (object_key)
    ) AS changed;
  ELSE
    INSERT INTO audit.log (
      id, batch, alone, at, actor, client_address, user_agent, tenant_id, request_id, login, action, object, object_key, before, after
    ) OVERRIDING SYSTEM VALUE
    SELECT
      CASE place WHEN 1 THEN first.id ELSE nextval('audit.log_id_seq') END,
      first.batch, is_last AND place = 1, first.at, first.actor, first.client_address, first.user_agent, first.tenant_id, first.request_id, first.login,
      first.action, first.object, row_values - other_columns,
      CASE WHEN TG_OP = 'INSERT' THEN NULL WHEN is_open THEN row_values ELSE audit.conceal(row_values, concealed) END,
      CASE WHEN TG_OP = 'DELETE' THEN NULL WHEN is_open THEN row_values ELSE audit.conceal(row_values, concealed) END
    FROM (
      SELECT row_number() OVER () AS place, lead(false, 1, true) OVER () AS is_last, to_jsonb(each.*) AS row_values FROM changed_rows AS each
    ) AS changed;
  END IF;
  RETURN NULL;
END
$$;

-- What a subscription of logical replication applies fires triggers of rows alone, so the watch would not see it: it is refused. Fires in replica
-- mode only, which a person's session may be in as well.
CREATE FUNCTION audit.refuse_replication() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_stat_get_subscription(NULL) WHERE pid = pg_backend_pid()) THEN
    RAISE EXCEPTION 'table %.% is watched, and a subscription changes it past the audit log', TG_TABLE_SCHEMA, TG_TABLE_NAME
      USING ERRCODE = 'insufficient_privilege', HINT = 'leave the table out of the publication';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;

-- That a concealed column changed is logged by its name; its value is not.
CREATE FUNCTION audit.conceal(row_values jsonb, concealed text[]) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF row_values IS NULL THEN
    RETURN row_values;
  END IF;
  RETURN row_values || (
    SELECT coalesce(jsonb_object_agg(name, '"concealed"'::jsonb), '{}') FROM unnest(concealed) AS name
    WHERE row_values -> name <> 'null'
  );
END
$$;

-- Watches a table: insert, update, delete and truncate are logged, in replica mode too. Hashes and digests of credentials are concealed of
-- themselves; `conceal` names further columns. Run again after adding such a column, or a partition. Call it as the owner of the table.
CREATE FUNCTION audit.watch(watched regclass, conceal text[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  key_columns text[];
  concealed text[];
  present name;
  event text;
  rows_of text;
  part regclass;
BEGIN
  SELECT array_agg(attribute.attname ORDER BY place.position) INTO key_columns
  FROM pg_index
  CROSS JOIN unnest(pg_index.indkey::smallint[]) WITH ORDINALITY AS place (number, position)
  JOIN pg_attribute AS attribute ON attribute.attrelid = watched AND attribute.attnum = place.number
  WHERE pg_index.indrelid = watched AND pg_index.indisprimary AND pg_index.indimmediate;
  IF key_columns IS NULL THEN
    RAISE EXCEPTION 'table % has no primary key that always holds, so no entry could name its row', watched
      USING HINT = 'add a primary key that is not deferrable before watching it';
  END IF;
  SELECT coalesce(array_agg(DISTINCT name), '{}') INTO concealed
  FROM (
    SELECT unnest(conceal) AS name
    UNION
    SELECT attname FROM pg_attribute
    WHERE attrelid = watched AND attnum > 0 AND NOT attisdropped
      AND atttypid IN (to_regtype('secure.bcrypt_hash'), to_regtype('secure.token_digest'))
  ) AS names;
  FOR present IN
    SELECT tgname FROM pg_trigger WHERE tgrelid = watched AND tgparentid = 0
      AND tgfoid IN ('audit.on_change'::regproc, 'audit.refuse_replication'::regproc)
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', present, watched);
  END LOOP;
  FOR event, rows_of IN VALUES
    ('insert', 'REFERENCING NEW TABLE AS changed_rows'),
    ('update', 'REFERENCING OLD TABLE AS former_rows NEW TABLE AS changed_rows'),
    ('delete', 'REFERENCING OLD TABLE AS changed_rows'),
    ('truncate', '')
  LOOP
    EXECUTE format(
      'CREATE TRIGGER %I AFTER %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION audit.on_change(%L, %L)',
      'audit_' || event, event, watched, rows_of, key_columns, concealed
    );
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', watched, 'audit_' || event);
  END LOOP;
  -- A partition has it from the whole
  IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = watched AND tgfoid = 'audit.refuse_replication'::regproc) THEN
    EXECUTE format(
      'CREATE TRIGGER audit_replication BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION audit.refuse_replication()',
      watched
    );
  END IF;
  EXECUTE format('ALTER TABLE %s ENABLE REPLICA TRIGGER audit_replication', watched);
  -- A partition can be changed by its own name: triggers of the whole do not fire there
  FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = watched LOOP
    PERFORM audit.watch(part, conceal);
  END LOOP;
END
$$;

-- Records what is no change of a row: a read, an export, a refusal, a privileged act. Call it before the act: where it fails, so must the act.
CREATE FUNCTION audit.record(
  action text, object text, object_key jsonb DEFAULT NULL, before jsonb DEFAULT NULL, after jsonb DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF action IN ('insert', 'update', 'delete', 'truncate', 'retention') THEN
    RAISE EXCEPTION 'action % is recorded by the database itself', action
      USING ERRCODE = 'invalid_parameter_value', HINT = 'name the act in words of its own, such as read or export';
  END IF;
  PERFORM audit.write_entry(action, object, object_key, before, after);
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.record TO application, migrator;
-- A trigger of one's own on a table of one's own would write entries at will: only owners of schemas make them
GRANT EXECUTE ON FUNCTION audit.watch, audit.on_change, audit.refuse_replication TO schema_owner, migrator;

SET LOCAL ROLE schema_owner;
