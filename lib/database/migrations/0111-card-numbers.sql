-- Card numbers are refused wherever somebody writes one: in text, in JSON, as a number, with or without spaces, dashes and dots.

SET LOCAL ROLE security_owner;

-- The check digit of ISO/IEC 7812-1, Annex B
CREATE FUNCTION secure.passes_luhn(digits text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  sum integer := 0;
  digit integer;
BEGIN
  FOR place IN 1..length(digits) LOOP
    digit := ascii(substr(digits, length(digits) - place + 1, 1)) - 48;
    IF place % 2 = 0 THEN
      digit := digit * 2;
      IF digit > 9 THEN
        digit := digit - 9;
      END IF;
    END IF;
    sum := sum + digit;
  END LOOP;
  RETURN sum % 10 = 0;
END
$$;

-- Numbers that a card scheme issues: Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay, Maestro, Troy. One number in ten
-- passes the check digit by chance, so that alone would refuse account numbers and telephone numbers as well.
CREATE FUNCTION secure.is_card_number(digits text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
  SELECT digits ~ ('^(4(\d{12}|\d{15}|\d{18})'
      || '|5[1-5]\d{14}|2(22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}'
      || '|3[47]\d{13}|3(0[0-59]|[689]\d)\d{11,16}|35(2[89]|[3-8]\d)\d{12,15}'
      || '|(6011|64[4-9]\d|65\d\d)\d{12,15}|62\d{14,17}|(5[0678]|6\d)\d{11,17}|9792\d{12})$')
    AND secure.passes_luhn(digits)
$$;

-- Whether a text holds a card number. Groups of digits are read on across spaces, dashes and dots, from each group to each later one, so that
-- a date or an amount beside the number does not hide it. UUIDs are no numbers.
CREATE FUNCTION secure.holds_card_number(given text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  run text;
  groups text[];
  digits text;
BEGIN
  -- Most values end here
  IF given !~ '\d([ \u00a0\u2009.\u2010-\u2014_-]{0,3}\d){12}' THEN
    RETURN false;
  END IF;
  given := regexp_replace(given, '\m[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\M', 'x', 'g');
  FOR run IN SELECT match[1] FROM regexp_matches(given, '(\d(?:[ \u00a0\u2009.\u2010-\u2014_-]{0,3}\d){12,})', 'g') AS match LOOP
    groups := regexp_split_to_array(run, '\D+');
    FOR begun IN 1..cardinality(groups) LOOP
      digits := '';
      FOR reached IN begun..cardinality(groups) LOOP
        digits := digits || groups[reached];
        EXIT WHEN length(digits) > 19;
        IF length(digits) >= 13 AND secure.is_card_number(digits) THEN
          RETURN true;
        END IF;
      END LOOP;
    END LOOP;
  END LOOP;
  RETURN false;
END
$$;

-- Refuses a row that holds a card number in any column but the named ones. The error names the column and repeats nothing.
CREATE FUNCTION secure.refuse_cards() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  checked text;
BEGIN
  SELECT key INTO checked FROM jsonb_each_text(to_jsonb(NEW) - coalesce(TG_ARGV[0]::text[], '{}'))
  WHERE secure.holds_card_number(value) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'column % of %.% would hold a card number', checked, TG_TABLE_SCHEMA, TG_TABLE_NAME
      USING ERRCODE = 'check_violation', HINT = 'leave card numbers with the payment processor and keep its token';
  END IF;
  RETURN NEW;
END
$$;

-- Lets a table refuse card numbers in every column, those added later too. Columns of bytes and of UUIDs are left out, and those in `except`,
-- which each need a reason. Call it as the owner of the table.
CREATE FUNCTION secure.refuse_cards_in(guarded regclass, "except" text[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  left_out text[];
BEGIN
  SELECT coalesce(array_agg(DISTINCT name), '{}') INTO left_out
  FROM (
    SELECT unnest("except") AS name
    UNION
    SELECT attname FROM pg_attribute
    JOIN pg_type ON pg_type.oid = atttypid
    WHERE attrelid = guarded AND attnum > 0 AND NOT attisdropped
      AND coalesce(nullif(typbasetype, 0), pg_type.oid) IN ('bytea'::regtype, 'uuid'::regtype)
  ) AS names;
  EXECUTE format('DROP TRIGGER IF EXISTS refuse_cards ON %s', guarded);
  EXECUTE format(
    'CREATE TRIGGER refuse_cards BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION secure.refuse_cards(%L)',
    guarded, left_out
  );
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_cards', guarded);
END
$$;

REVOKE ALL ON FUNCTION secure.refuse_cards, secure.refuse_cards_in FROM PUBLIC;
GRANT EXECUTE ON FUNCTION secure.refuse_cards, secure.refuse_cards_in TO schema_owner, migrator;

SET LOCAL ROLE schema_owner;
