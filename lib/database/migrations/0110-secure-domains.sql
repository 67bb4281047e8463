-- Types for what must never be stored in the clear. A column of such a type takes nothing else; what is refused is not repeated in the error.

SET LOCAL ROLE security_owner;

-- bcrypt in its modular crypt format, of cost 12 or more; to raise the floor, raise the number.
-- Source of the format: OpenBSD bcrypt(3); the published variants are 2a, 2b and 2y
CREATE FUNCTION secure.is_bcrypt_hash(hash text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT hash ~ '^\$2[aby]\$[0-9]{2}\$[./A-Za-z0-9]{53}$' AND substring(hash FROM 5 FOR 2)::integer BETWEEN 12 AND 31
$$;

CREATE DOMAIN secure.bcrypt_hash AS text
  CONSTRAINT is_bcrypt_hash CHECK (secure.is_bcrypt_hash(VALUE));
COMMENT ON DOMAIN secure.bcrypt_hash IS 'Password, as bcrypt hash of cost 12 or more';

CREATE FUNCTION secure.is_token_digest(digest bytea) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT octet_length(digest) = 32
$$;

CREATE DOMAIN secure.token_digest AS bytea
  CONSTRAINT is_token_digest CHECK (secure.is_token_digest(VALUE));
COMMENT ON DOMAIN secure.token_digest IS 'Token, as its SHA-256 digest: 32 bytes';

-- Version 1 of the envelope: version (1 byte), key (16), nonce (12), ciphertext, tag (16). Neither key nor nonce may be left empty.
CREATE FUNCTION secure.is_gcm_blob(blob bytea) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE
    WHEN octet_length(blob) < 45 THEN false
    ELSE get_byte(blob, 0) = 1
      AND substring(blob FROM 2 FOR 16) <> '\x00000000000000000000000000000000'::bytea
      AND substring(blob FROM 18 FOR 12) <> '\x000000000000000000000000'::bytea
  END
$$;

CREATE DOMAIN secure.gcm_blob AS bytea
  CONSTRAINT is_gcm_blob CHECK (secure.is_gcm_blob(VALUE));
COMMENT ON DOMAIN secure.gcm_blob IS 'Value under AES-256-GCM, in the envelope of fieldEncryption';

-- A chat message as the server may hold it: XChaCha20-Poly1305 with its 24-byte nonce, and the tag of 16 bytes within the ciphertext.
-- Source: https://datatracker.ietf.org/doc/html/draft-irtf-cfrg-xchacha
CREATE FUNCTION secure.is_chat_nonce(nonce bytea) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT octet_length(nonce) = 24 AND nonce <> decode(repeat('00', 24), 'hex')
$$;

CREATE DOMAIN secure.chat_nonce AS bytea
  CONSTRAINT is_chat_nonce CHECK (secure.is_chat_nonce(VALUE));

CREATE FUNCTION secure.is_chat_ciphertext(ciphertext bytea) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT octet_length(ciphertext) > 16
$$;

CREATE DOMAIN secure.chat_ciphertext AS bytea
  CONSTRAINT is_chat_ciphertext CHECK (secure.is_chat_ciphertext(VALUE));

CREATE DOMAIN secure.chat_algorithm AS text DEFAULT 'XC20P'
  CONSTRAINT is_chat_algorithm CHECK (VALUE = 'XC20P');

SET LOCAL ROLE schema_owner;
