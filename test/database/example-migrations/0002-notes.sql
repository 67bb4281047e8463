-- Notes about clients. A foreign key names the tenant on both sides, so that no row can point at one of somebody else.

CREATE TABLE app.note (
  tenant_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  client_id uuid NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now(),
  body text NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, client_id) REFERENCES app.client (tenant_id, id)
);
SELECT tenancy.protect('app.note');
SELECT audit.watch('app.note');
SELECT secure.refuse_cards_in('app.note');

CREATE VIEW app.newest_note WITH (security_invoker = true) AS
  SELECT DISTINCT ON (client_id) client_id, body FROM app.note ORDER BY client_id, written_at DESC;
GRANT SELECT ON app.newest_note TO application;
