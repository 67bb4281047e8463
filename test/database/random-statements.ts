import fc from 'fast-check';

interface Ids {
  readonly tenantA: string;
  readonly tenantB: string;
  readonly clientA: string;
  readonly clientB: string;
}

const tables = {
  client: { columns: ['tenant_id', 'id', 'name', 'email'], text: 'name', key: 'id' },
  note: { columns: ['tenant_id', 'id', 'client_id', 'body'], text: 'body', key: 'client_id' },
  trust_entry: { columns: ['tenant_id', 'id', 'client_id', 'cents'], text: 'cents::text', key: 'client_id' },
  credential: { columns: ['tenant_id', 'user_id', 'password_hash'], text: 'password_hash', key: 'user_id' },
} as const;
type Table = keyof typeof tables;

/** Asks for all rows that a tenant sees, in one order. */
export function allRows(): string {
  return Object.keys(tables)
    .map((table) => `SELECT '${table}' AS "from", t::text AS row FROM app.${table} AS t`)
    .join(' UNION ALL ')
    .concat(' ORDER BY 1, 2');
}

/** Statements over the sample's tables, of every kind that reads or writes: conditions that aim at another tenant, at all, or at none. */
export function statementOf(ids: Ids): fc.Arbitrary<string> {
  const table = fc.constantFrom(...(Object.keys(tables) as Table[]));
  const tenant = fc.constantFrom(ids.tenantA, ids.tenantB).map((id) => `'${id}'`);
  const client = fc.constantFrom(ids.clientA, ids.clientB).map((id) => `'${id}'`);

  const { condition } = fc.letrec<{ condition: string }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('true', 'false', 't.tenant_id IS NULL', 't.ctid IS NOT NULL', 't IS NOT NULL'),
      tenant.map((id) => `t.tenant_id = ${id}`),
      tenant.map((id) => `t.tenant_id <> ${id}`),
      table.map((other) => `EXISTS (SELECT FROM app.${other} AS o WHERE o.tenant_id = t.tenant_id)`),
      table.map((other) => `t.tenant_id IN (SELECT o.tenant_id FROM app.${other} AS o)`),
      fc.constantFrom("t::text LIKE '%b%'", "t::text ~ 'secret'", 'length(t::text) > 10'),
      fc
        .tuple(tie('condition'), tie('condition'), fc.constantFrom('AND', 'OR'))
        .map(([a, b, how]) => `(${a} ${how} ${b})`),
      tie('condition').map((inner) => `NOT (${inner})`),
    ),
  }));

  const select = fc
    .tuple(
      table,
      condition,
      fc.constantFrom('t.*', 't', 'to_jsonb(t) AS j', 'count(*)', "string_agg(t::text, ',') AS s"),
    )
    .map(([from, where, what]) => `SELECT ${what} FROM app.${from} AS t WHERE ${where}`);
  const join = fc
    .tuple(table, table, condition, fc.constantFrom('JOIN', 'LEFT JOIN', 'FULL JOIN'))
    .map(
      ([one, other, where, how]) =>
        `SELECT t, o FROM app.${one} AS t ${how} app.${other} AS o ON o.tenant_id IS NOT NULL WHERE ${where}`,
    );
  const insert = fc
    .tuple(
      tenant,
      client,
      fc.constantFrom('', 'ON CONFLICT DO NOTHING', "ON CONFLICT (tenant_id, id) DO UPDATE SET name = 'taken'"),
    )
    .map(
      ([of, id, conflict]) =>
        `INSERT INTO app.client AS t (tenant_id, id, name) VALUES (${of}, ${id}, 'new') ${conflict} RETURNING *`,
    );
  const copy = fc
    .tuple(tenant, condition)
    .map(
      ([of, where]) =>
        `INSERT INTO app.note (tenant_id, body) SELECT ${of}, t::text FROM app.client AS t WHERE ${where} RETURNING *`,
    );
  const update = fc
    .tuple(fc.constantFrom('client', 'note', 'credential'), condition, fc.option(tenant))
    .map(([of, where, to]) => {
      const { text } = tables[of as Table];
      const column = text.replace('::text', '');
      const set = to === null ? `${column} = ${of === 'credential' ? column : "'taken'"}` : `tenant_id = ${to}`;
      return `UPDATE app.${of} AS t SET ${set} WHERE ${where} RETURNING *`;
    });
  const remove = fc
    .tuple(table, condition)
    .map(([of, where]) => `DELETE FROM app.${of} AS t WHERE ${where} RETURNING *`);
  const merge = fc
    .tuple(client, tenant, condition, fc.constantFrom('DELETE', "UPDATE SET name = 'taken'", 'DO NOTHING'))
    .map(
      ([id, of, where, then]) =>
        `MERGE INTO app.client AS t USING (VALUES (${id}::uuid)) AS v (id) ON t.id = v.id AND ${where} WHEN MATCHED THEN ${then} WHEN NOT MATCHED THEN INSERT (tenant_id, id, name) VALUES (${of}, v.id, 'merged') RETURNING t.*`,
    );
  const single = fc.oneof(select, join, insert, copy, update, remove, merge);
  const within = fc
    .tuple(fc.oneof(update, remove, insert, copy), fc.oneof(select, join))
    .map(
      ([change, look]) =>
        `WITH changed AS (${change}) SELECT (SELECT count(*) FROM changed) AS n, l.* FROM (${look}) AS l`,
    );
  return fc.oneof({ weight: 4, arbitrary: single }, { weight: 1, arbitrary: within });
}
