import { type ControlCases, change, type DatabaseCase, remove, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';

const group = 'AWS::Logs::LogGroup';
const identifier = { 'Fn::Sub': 'arn:${AWS::Partition}:dataprotection::aws:data-identifier/CreditCardNumber' };

const template: Json = {
  Resources: {
    Log: {
      Type: group,
      Properties: {
        DataProtectionPolicy: {
          Name: 'cards',
          Version: '2021-06-01',
          Statement: [
            { Sid: 'audit', DataIdentifier: [identifier], Operation: { Audit: { FindingsDestination: {} } } },
            { Sid: 'mask', DataIdentifier: [identifier], Operation: { Deidentify: { MaskConfig: {} } } },
          ],
        },
      },
    },
    Task: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: {
        ContainerDefinitions: [
          { Name: 'a', LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': { Ref: 'Log' } } } },
        ],
      },
    },
  },
};

const isMasking = (resource: Json) => JSON.stringify(resource).includes('Deidentify');

const broken = (message: string, subject?: string) => ({ verdict: 'not-satisfied', message, subject }) as const;
const table = (columns: string) => [
  `CREATE TABLE app.order_line (id uuid PRIMARY KEY, ${columns})`,
  'GRANT SELECT, INSERT, UPDATE ON app.order_line TO application',
];
const guarded = (columns: string, except = '') => [
  ...table(columns),
  `SELECT secure.refuse_cards_in('app.order_line', '{${except}}')`,
];

const database: readonly DatabaseCase[] = [
  {
    name: 'nothing knows a card number',
    mode: 'rls',
    change: ['DROP FUNCTION secure.refuse_cards CASCADE'],
    expect: broken('missing'),
  },
  ...[
    'note text',
    'detail jsonb',
    'amount numeric',
    'reference bigint',
    'tags text[]',
    'code varchar(19)',
    'price float8',
    'blob xml',
  ].map(
    (column): DatabaseCase => ({
      name: `a table takes a card number: ${column}`,
      mode: 'rls',
      change: table(column),
      expect: broken('unguarded', 'app.order_line'),
    }),
  ),
  {
    name: 'a table in which none fits',
    mode: 'database',
    change: table('amount int, at timestamptz, token secure.gcm_blob, paid boolean, file bytea'),
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'a guarded table, also after a column was added',
    mode: 'rls',
    change: [...guarded('note text'), 'ALTER TABLE app.order_line ADD COLUMN memo text'],
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'a column is left out',
    mode: 'rls',
    change: guarded('iban text, note text', 'iban'),
    expect: broken('leftOut', 'app.order_line'),
  },
  {
    name: 'a column is left out with its reason',
    mode: 'rls',
    change: [
      ...guarded('iban text, note text', 'iban'),
      "COMMENT ON COLUMN app.order_line.iban IS 'card exempt: checked as an IBAN'",
    ],
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'a column whose name has a comma is left out',
    mode: 'database',
    change: guarded('"a,b" text, note text', '"a,b"'),
    expect: broken('leftOut', 'app.order_line'),
  },
  {
    name: 'trap 25: the guard is off',
    mode: 'rls',
    change: [...guarded('note text'), 'ALTER TABLE app.order_line DISABLE TRIGGER refuse_cards'],
    expect: broken('skippable', 'app.order_line'),
  },
  {
    name: 'trap 25: replica mode skips the guard',
    mode: 'rls',
    change: [...guarded('note text'), 'ALTER TABLE app.order_line ENABLE TRIGGER refuse_cards'],
    expect: broken('skippable', 'app.order_line'),
  },
  {
    name: 'updates are not guarded',
    mode: 'rls',
    change: [
      ...table('note text'),
      "CREATE TRIGGER refuse_cards BEFORE INSERT ON app.order_line FOR EACH ROW EXECUTE FUNCTION secure.refuse_cards('{}')",
      'ALTER TABLE app.order_line ENABLE ALWAYS TRIGGER refuse_cards',
    ],
    expect: broken('unguarded', 'app.order_line'),
  },
  {
    name: 'a guard looks when the row is already written',
    mode: 'rls',
    change: [
      ...table('note text'),
      "CREATE TRIGGER refuse_cards AFTER INSERT OR UPDATE ON app.order_line FOR EACH ROW EXECUTE FUNCTION secure.refuse_cards('{}')",
      'ALTER TABLE app.order_line ENABLE ALWAYS TRIGGER refuse_cards',
    ],
    expect: broken('unguarded', 'app.order_line'),
  },
  ...['card_number text', 'pan secure.gcm_blob', 'cvv int4', 'card_cvc text', '"cardNumber" text'].map(
    (column): DatabaseCase => ({
      name: `a column is made for card data: ${column}`,
      mode: 'rls',
      change: [`CREATE TABLE app.payment (id uuid PRIMARY KEY, ${column})`],
      expect: broken('cardColumn', 'app.payment'),
    }),
  ),
  {
    name: 'names that only look like it',
    mode: 'rls',
    change: guarded('card_token text, company text, span text, japan text, cardinal text'),
    expect: { verdict: 'satisfied' },
  },
  {
    name: 'the check finds nothing',
    mode: 'database',
    change: [
      'CREATE OR REPLACE FUNCTION secure.holds_card_number(given text) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $f$ SELECT false $f$',
    ],
    expect: broken('altered', 'secure.holds_card_number'),
  },
];

export const cases: ControlCases = {
  compliant: { 'log of a container': { template } },
  mutations: [
    {
      name: 'nothing is masked',
      of: 'log of a container',
      edit: remove(group, 'DataProtectionPolicy'),
      expect: { message: 'unmasked' },
      shippedWhere: isMasking,
    },
    {
      name: 'card numbers are counted and not masked',
      of: 'log of a container',
      edit: change(group, (properties) => {
        const policy = properties.DataProtectionPolicy as { Statement: Json[] };
        policy.Statement = policy.Statement.filter((statement) => !JSON.stringify(statement).includes('Deidentify'));
      }),
      expect: { message: 'unmasked' },
      shippedWhere: isMasking,
    },
    {
      name: 'other data is masked',
      of: 'log of a container',
      edit: change(group, (properties) => {
        properties.DataProtectionPolicy = JSON.parse(
          JSON.stringify(properties.DataProtectionPolicy).replaceAll('CreditCardNumber', 'EmailAddress'),
        );
      }),
      expect: { message: 'unmasked' },
      shippedWhere: isMasking,
    },
    {
      name: 'the policy is the deployer’s',
      of: 'log of a container',
      edit: set(group, 'DataProtectionPolicy', { 'Fn::ImportValue': 'some-policy' }),
      expect: { message: 'not-assessed' },
      shippedWhere: isMasking,
    },
  ],
  others: [
    {
      name: 'a log that no container writes to is not judged',
      template: { Resources: { Log: { Type: group, Properties: {} } } },
      expect: { Log: 'not-applicable' },
    },
  ],
  indifferent: {
    'AWS::ECS::TaskDefinition: ContainerDefinitions.*.LogConfiguration.Options.awslogs-group':
      'says whether a log group is judged at all',
  },
  database,
};
