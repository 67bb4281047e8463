-- An audit asks for settings that PostgreSQL hides from most, such as the lowest version of TLS. Who may not hand that right on leaves it out:
-- the judge then says what it could not see.

DO $$
BEGIN
  IF pg_has_role(current_user, 'pg_read_all_settings', 'MEMBER WITH ADMIN OPTION') THEN
    GRANT pg_read_all_settings TO auditor;
  END IF;
END
$$;
