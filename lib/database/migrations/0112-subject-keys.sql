-- One data key per person, wrapped by KMS: what is encrypted under it, also the values in the audit log, becomes unreadable with the key.
--
-- Encrypting happens in the application (fieldEncryption): pgcrypto knows no GCM, and a clear key has no business in a statement. The
-- wrapped key alone opens nothing without KMS. Backups hold wrapped keys until they expire: which of them are gone stands in a ledger outside of
-- the database, and a restored copy is told of it before anybody is let in.

SET LOCAL ROLE security_owner;

CREATE TABLE secure.subject_key (
  -- Part of every envelope made under the key
  id uuid PRIMARY KEY CHECK (id <> '00000000-0000-0000-0000-000000000000'),
  tenant_id uuid NOT NULL,
  subject text NOT NULL CHECK (subject <> ''),
  -- The data key as KMS gave it back, under the encryption context of tenant and subject
  wrapped bytea CHECK (octet_length(wrapped) >= 64),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  destroyed_at timestamptz,
  UNIQUE (tenant_id, subject),
  CONSTRAINT destroyed_or_there CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

ALTER TABLE secure.subject_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE secure.subject_key FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON secure.subject_key AS RESTRICTIVE
  USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid AS tenant))
  WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid AS tenant));
CREATE POLICY application_uses ON secure.subject_key TO application USING (true) WITH CHECK (true);
CREATE POLICY owner_destroys ON secure.subject_key TO security_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON secure.subject_key TO application;

-- A key is made once and destroyed once: it is not replaced, and its row stays so that nobody makes it anew unnoticed.
CREATE FUNCTION secure.guard_subject_key() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.wrapped IS NULL AND OLD.wrapped IS NOT NULL
    AND (NEW.id, NEW.tenant_id, NEW.subject, NEW.created_at) = (OLD.id, OLD.tenant_id, OLD.subject, OLD.created_at) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a subject key can only be destroyed' USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER only_destroyed BEFORE UPDATE OR DELETE ON secure.subject_key
  FOR EACH ROW EXECUTE FUNCTION secure.guard_subject_key();
CREATE TRIGGER only_destroyed_truncate BEFORE TRUNCATE ON secure.subject_key
  FOR EACH STATEMENT EXECUTE FUNCTION secure.guard_subject_key();
ALTER TABLE secure.subject_key ENABLE ALWAYS TRIGGER only_destroyed;
ALTER TABLE secure.subject_key ENABLE ALWAYS TRIGGER only_destroyed_truncate;
COMMENT ON COLUMN secure.subject_key.wrapped IS 'audit concealed: a key, and the log must not outlive its destruction with one';
SELECT audit.watch('secure.subject_key', ARRAY['wrapped']);
SELECT secure.refuse_cards_in('secure.subject_key');

-- Keys that somebody asked to destroy. The eraser writes each into the ledger outside of the database first: a key that a backup brings back is
-- known there. It holds ids and nothing else, so that the eraser finds what is asked for in all tenants; nobody but this owner reads it.
CREATE TABLE secure.key_to_destroy (
  key uuid PRIMARY KEY,
  of_tenant uuid NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
SELECT audit.watch('secure.key_to_destroy');

-- Asks for the destruction of the key of a person of the current tenant, and with the transaction takes it back where that is undone. Returns
-- whether there is one. What is encrypted under it is unreadable once the eraser has recorded and destroyed it, minutes later.
CREATE FUNCTION secure.forget_subject(of_subject text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  found_key secure.subject_key;
BEGIN
  SELECT * INTO found_key FROM secure.subject_key WHERE subject = of_subject AND wrapped IS NOT NULL;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO secure.key_to_destroy (key, of_tenant) VALUES (found_key.id, found_key.tenant_id) ON CONFLICT DO NOTHING;
  RETURN true;
END
$$;

REVOKE ALL ON FUNCTION secure.forget_subject, secure.guard_subject_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION secure.forget_subject TO application;

SET LOCAL ROLE schema_owner;
