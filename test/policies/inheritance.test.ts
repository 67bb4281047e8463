import { scopeLines } from '../../lib/control/inheritance';
import { judgeGraph } from '../../lib/synth/judge-template';
import { control } from '../../policies/controls/governance/gov-01';
import { figuresOf } from '../control-tester';
import { synthesizeOwnApp } from '../own-app';

const own = synthesizeOwnApp();

/** The project's stacks, judged as if somebody had read the scopes: everything covered but what is named. */
function judged(profile: string, ...excludes: string[]) {
  const { promises, graph } = profile === 'strictest' ? own : synthesizeOwnApp(profile);
  const { certificates, providerServices: services } = promises.policies.records;
  const covers = services.map(({ name }) => name).filter((name) => !excludes.includes(name));
  const read = certificates.map((certificate) => ({ ...certificate, covers, excludes }));
  const scope = scopeLines({ certificates: read, services }, profile);
  return judgeGraph(control, graph, figuresOf(control, { 'inheritance.scope': scope }));
}

test('every type that is deployed belongs to a service of the register', () => {
  const found = judged('strictest');
  expect(found.filter(({ verdict }) => verdict !== 'satisfied')).toEqual([]);
  expect(found.length).toBeGreaterThan(60);
});

test('a service out of scope breaks by its name, under each certificate that it is needed for', () => {
  const broken = judged('strictest', 'AWS KMS').filter(({ verdict }) => verdict === 'not-satisfied');
  expect(broken.map(({ message }) => message)).toEqual([
    'AWS KMS is deployed (AWS::KMS::Alias, AWS::KMS::Key), but is not in the scope of iso-27001',
    'AWS KMS is deployed (AWS::KMS::Alias, AWS::KMS::Key), but is not in the scope of soc-2',
  ]);
});

test('where a document promises a report for two services, no other needs it', () => {
  const broken = judged('cfeu', 'AWS KMS', 'Amazon S3').filter(({ verdict }) => verdict === 'not-satisfied');
  expect(broken.map(({ message }) => message?.replace(/ \(.*\)/, ''))).toEqual([
    'AWS KMS is deployed, but is not in the scope of iso-27001',
    'Amazon S3 is deployed, but is not in the scope of iso-27001',
    'Amazon S3 is deployed, but is not in the scope of soc-2',
  ]);
});

test('as long as nobody has read the scopes, each certificate is awaited with every service by name', () => {
  const found = judgeGraph(control, own.graph, own.promises.figures);
  expect(found.map(({ logicalId, awaited }) => [logicalId, awaited])).toEqual([
    ['iso-27001', true],
    ['soc-2', true],
  ]);
  expect(found[0]?.message).toMatch(/names AWS Backup, AWS Budgets and \d\d more services that are deployed/);
  expect(found[0]?.observations.map(({ property }) => property)).toContain('Amazon S3');
});
