-- What writes entries: triggers on watched tables, and a function for reads and privileged acts.

SET LOCAL ROLE security_owner;

-- Writes one entry for the actor that `tenancy.enter` set. Without an actor the act itself fails.
CREATE FUNCTION audit.write_entry(
  action text, object text, object_key jsonb, changed text[], before jsonb, after jsonb
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  actor text := nullif(current_setting('app.actor', true), '');
BEGIN
  IF actor IS NULL THEN
    RAISE EXCEPTION 'no actor is set, so % of % would be nobody''s', action, object
      USING ERRCODE = 'insufficient_privilege', HINT = 'set app.actor for the transaction, as tenancy.enter does';
  END IF;
  INSERT INTO audit.log (
    at, actor, client_address, user_agent, tenant_id, request_id, login, action, object, object_key, changed, before, after
  ) VALUES (
    clock_timestamp(),
    actor,
    coalesce(nullif(current_setting('app.client_address', true), '')::inet, inet_client_addr(), '127.0.0.1'),
    coalesce(
      nullif(current_setting('app.user_agent', true), ''),
      'database session ' || coalesce(nullif(current_setting('application_name', true), ''), 'without a name')
    ),
    nullif(current_setting('app.tenant_id', true), '')::uuid,
    nullif(current_setting('app.request_id', true), ''),
    session_user,
    action, object, object_key, changed, before, after
  );
END
$$;

-- One row of a watched table changed. Arguments: columns of the primary key, and columns whose values stay out of the log.
CREATE FUNCTION audit.on_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  key_columns text[] := TG_ARGV[0];
  concealed text[] := TG_ARGV[1];
  old_row jsonb := CASE WHEN TG_OP IN ('UPDATE', 'DELETE') THEN to_jsonb(OLD) END;
  new_row jsonb := CASE WHEN TG_OP IN ('INSERT', 'UPDATE') THEN to_jsonb(NEW) END;
  changed text[];
  object_key jsonb;
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    PERFORM audit.write_entry('truncate', TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, NULL, NULL, NULL, NULL);
    RETURN NULL;
  END IF;
  SELECT jsonb_object_agg(name, coalesce(old_row, new_row) -> name) INTO object_key FROM unnest(key_columns) AS name;
  IF TG_OP = 'UPDATE' THEN
    SELECT coalesce(array_agg(key ORDER BY key), '{}') INTO changed
    FROM jsonb_each(new_row) WHERE value IS DISTINCT FROM old_row -> key;
  END IF;
  PERFORM audit.write_entry(
    lower(TG_OP), TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, object_key, changed,
    audit.conceal(old_row, concealed), audit.conceal(new_row, concealed)
  );
  RETURN NULL;
END
$$;

-- That a concealed column changed is logged by its name; its value is not.
CREATE FUNCTION audit.conceal(row_values jsonb, concealed text[]) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF row_values IS NULL OR cardinality(concealed) = 0 THEN
    RETURN row_values;
  END IF;
  RETURN row_values || (
    SELECT coalesce(jsonb_object_agg(name, '"concealed"'::jsonb), '{}') FROM unnest(concealed) AS name
    WHERE row_values -> name <> 'null'
  );
END
$$;

-- Watches a table: insert, update, delete and truncate are logged, in replica mode too. Hashes and digests of credentials are concealed of
-- themselves; `conceal` names further columns. Run again after adding such a column. Call it as the owner of the table.
CREATE FUNCTION audit.watch(watched regclass, conceal text[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  key_columns text[];
  concealed text[];
BEGIN
  SELECT array_agg(attribute.attname ORDER BY place.position) INTO key_columns
  FROM pg_index
  CROSS JOIN unnest(pg_index.indkey::smallint[]) WITH ORDINALITY AS place (number, position)
  JOIN pg_attribute AS attribute ON attribute.attrelid = watched AND attribute.attnum = place.number
  WHERE pg_index.indrelid = watched AND pg_index.indisprimary;
  IF key_columns IS NULL THEN
    RAISE EXCEPTION 'table % has no primary key, so no entry could name its row', watched
      USING HINT = 'add a primary key before watching it';
  END IF;
  SELECT coalesce(array_agg(DISTINCT name), '{}') INTO concealed
  FROM (
    SELECT unnest(conceal) AS name
    UNION
    SELECT attname FROM pg_attribute
    WHERE attrelid = watched AND attnum > 0 AND NOT attisdropped
      AND atttypid IN (to_regtype('secure.bcrypt_hash'), to_regtype('secure.token_digest'))
  ) AS names;
  EXECUTE format('DROP TRIGGER IF EXISTS audit_row ON %s', watched);
  EXECUTE format('DROP TRIGGER IF EXISTS audit_truncate ON %s', watched);
  EXECUTE format(
    'CREATE TRIGGER audit_row AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION audit.on_change(%L, %L)',
    watched, key_columns, concealed
  );
  EXECUTE format(
    'CREATE TRIGGER audit_truncate AFTER TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION audit.on_change(%L, %L)',
    watched, key_columns, concealed
  );
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER audit_row', watched);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER audit_truncate', watched);
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
  PERFORM audit.write_entry(action, object, object_key, NULL, before, after);
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.record TO application, migrator;
-- A trigger of one's own on a table of one's own would write entries at will: only owners of schemas make them
GRANT EXECUTE ON FUNCTION audit.watch, audit.on_change TO schema_owner, migrator;

SET LOCAL ROLE schema_owner;
