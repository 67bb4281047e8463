-- Clients of a tenant, and the countries that they live in.

CREATE TABLE app.country (
  code text PRIMARY KEY CHECK (code ~ '^[A-Z]{2}$'),
  name text NOT NULL
);
INSERT INTO app.country VALUES ('AT', 'Austria'), ('DE', 'Germany'), ('FR', 'France');
SELECT tenancy.share('app.country');

CREATE TABLE app.client (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  country text NOT NULL REFERENCES app.country (code),
  PRIMARY KEY (tenant_id, id)
);
SELECT tenancy.protect('app.client');
SELECT audit.watch('app.client');
SELECT secure.refuse_cards_in('app.client');
