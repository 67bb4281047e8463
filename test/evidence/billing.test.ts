import { createColors } from 'picocolors';
import table from '../../lib/evidence/billed-units.json';
import { billOf } from '../../lib/evidence/billing';
import { renderBilling } from '../../lib/evidence/terminal/billing';
import { graphOf } from '../control-tester';
import { synthesizeOwnApp } from '../own-app';

const template = {
  Resources: {
    One: { Type: 'AWS::KMS::Key' },
    Two: { Type: 'AWS::KMS::Key' },
    Alias: { Type: 'AWS::KMS::Alias' },
    Guard: { Type: 'Custom::Guard' },
    Closed: { Type: 'Custom::Closed' },
    Novelty: { Type: 'AWS::Novelty::Thing' },
  },
};

test('what is billed is counted with its units and the page of its prices', () => {
  const { billed } = billOf([graphOf({ template }), graphOf({ template })]);
  expect(billed).toEqual([
    {
      type: 'AWS::KMS::Key',
      count: 4,
      units: expect.arrayContaining(['per 10,000 requests']),
      source: 'https://aws.amazon.com/kms/pricing/',
    },
  ]);
});

test('what the table does not know is named, and never among what is free', () => {
  const { free, unknown } = billOf([graphOf({ template })]);
  expect(unknown).toEqual([{ type: 'AWS::Novelty::Thing', count: 1 }]);
  expect(free.map(({ type, count }) => [type, count])).toEqual([
    ['AWS::CloudFormation::CustomResource', 2],
    ['AWS::KMS::Alias', 1],
  ]);
});

test('what a stack set brings to every account is counted apart, and said once for each of them', () => {
  const set = { Type: 'AWS::CloudFormation::StackSet', Properties: { TemplateBody: JSON.stringify(template) } };
  const bill = billOf([graphOf({ template: { Resources: { Set: set, Own: { Type: 'AWS::KMS::Key' } } } })]);
  expect(bill.billed).toMatchObject([{ type: 'AWS::KMS::Key', count: 1 }]);
  expect(bill.members.billed).toMatchObject([{ type: 'AWS::KMS::Key', count: 2 }]);
  const text = renderBilling(bill, 'production', { colour: createColors(false) });
  expect(text).toMatch(/that a stack set reaches.*2 +AWS::KMS::Key.*AWS::Novelty::Thing +not known/s);
  expect(text).toMatch(/free by themselves.*StackSet/s);
});

test('the table on a terminal says all three, and that it is no sum', () => {
  const text = renderBilling(billOf([graphOf({ template })]), 'production', { colour: createColors(false) });
  expect(text).toMatch(
    /AWS::KMS::Key +per key.*AWS::Novelty::Thing +not known.*AWS::KMS::Alias +https:.*Units, not prices/s,
  );
});

test.each(['strictest', 'cfus'])('every type that this app deploys under profile %s is in the table', (profile) => {
  const { unknown, members } = billOf([synthesizeOwnApp(profile).graph]);
  expect([unknown, members.unknown]).toEqual([[], []]);
});

test('each type stands once, with a page of AWS, and nowhere a price', () => {
  const types = [...table.billed.map(({ type }) => type), ...table.free.flatMap((row) => row.types)];
  expect(types.filter((type, at) => types.indexOf(type) !== at)).toEqual([]);
  const sources = [...table.billed, ...table.free].map(({ source }) => source);
  expect(sources.filter((source) => !/^https:\/\/aws\.amazon\.com\/[a-z0-9/-]+\/$/.test(source))).toEqual([]);
  expect(JSON.stringify(table)).not.toMatch(/[$€]|\b(USD|EUR|cents?)\b/i);
});
