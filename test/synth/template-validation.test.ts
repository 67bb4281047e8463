import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, CloudFormationValidatePlugin, type IPolicyValidationContext, Stack } from 'aws-cdk-lib';
import { TemplateValidation } from '../../lib/synth/template-validation';

const folder = mkdtempSync(join(tmpdir(), 'avouch-memory-'));
const memory = join(folder, 'answers.json');
const asked = jest.spyOn(CloudFormationValidatePlugin.prototype, 'validate');

const engine: CloudFormationValidatePlugin['validate'] = (context) => ({
  success: false,
  violations: [
    {
      ruleName: 'E3002',
      description: 'no such property',
      severity: 'error',
      violatingResources: context.stackTemplates
        .filter(({ templatePath }) => readFileSync(templatePath, 'utf8').includes('"Nonsense"'))
        .map(({ templatePath }) => ({ resourceLogicalId: 'R', templatePath, locations: ['/Nonsense'] })),
    },
  ],
});

function contextOf(templates: Readonly<Record<string, object>>): IPolicyValidationContext {
  const app = new App();
  const stackTemplates = Object.entries(templates).map(([name, template]) => {
    const templatePath = join(folder, `${name}.template.json`);
    writeFileSync(templatePath, JSON.stringify(template));
    return { stackConstructPath: name, templatePath, accountId: '111122223333', region: 'eu-central-1' };
  });
  return { appConstruct: app, stackTemplates, templatePaths: stackTemplates.map(({ templatePath }) => templatePath) };
}

const good = { Resources: { R: { Type: 'AWS::S3::Bucket' } } };
const bad = { Resources: { R: { Type: 'AWS::S3::Bucket', Properties: { Nonsense: 1 } } } };
const findings = (version: string, templates: Readonly<Record<string, object>>) => {
  const { success, violations } = new TemplateValidation(memory, version).validate(contextOf(templates));
  return { success, at: violations.flatMap((each) => each.violatingResources.map(({ templatePath }) => templatePath)) };
};

beforeEach(() => {
  writeFileSync(memory, '{}');
  asked.mockReset().mockImplementation(engine);
});
afterAll(() => asked.mockRestore());

test('what was said of a template is remembered, findings included', () => {
  const first = findings('1', { A: good, B: bad });
  expect(first).toEqual({ success: false, at: [join(folder, 'B.template.json')] });
  expect(findings('1', { A: good, B: bad })).toEqual(first);
  expect(asked).toHaveBeenCalledTimes(1);
});

test('only a template that changed is asked about again', () => {
  findings('1', { A: good, B: good });
  expect(findings('1', { A: good, B: bad }).success).toBe(false);
  expect(asked.mock.calls[1]?.[0].stackTemplates.map(({ stackConstructPath }) => stackConstructPath)).toEqual(['B']);
});

test.each([
  ['another version of the engine', '2', '{}'],
  ['a damaged memory', '1', '{"a": '],
  ['a memory of another shape', '1', '[1, 2]'],
])('is asked anew after %s', (_, version, content) => {
  findings('1', { A: bad });
  if (version === '1') {
    writeFileSync(memory, content);
  }
  expect(findings(version, { A: bad }).success).toBe(false);
  expect(asked).toHaveBeenCalledTimes(2);
});

const carrying = (...bodies: object[]) => ({
  Resources: Object.fromEntries(
    bodies.map((body, index) => [
      `Set${index}`,
      { Type: 'AWS::CloudFormation::StackSet', Properties: { TemplateBody: JSON.stringify(body) } },
    ]),
  ),
});

test('what a stack set carries is asked about too, told on the stack set, and remembered', () => {
  const validate = () => new TemplateValidation(memory, '1').validate(contextOf({ A: carrying(good, bad) }));
  const first = validate();
  expect(first).toMatchObject({
    success: false,
    violations: [
      {
        description: 'in the template that it carries, R: no such property',
        violatingResources: [{ resourceLogicalId: 'Set1', templatePath: join(folder, 'A.template.json') }],
      },
    ],
  });
  expect(asked.mock.calls[0]?.[0].stackTemplates).toHaveLength(3);
  expect(validate()).toEqual(first);
  expect(asked).toHaveBeenCalledTimes(1);
  expect(asked.mock.calls[0]?.[0].stackTemplates.slice(1).filter((stack) => existsSync(stack.templatePath))).toEqual(
    [],
  );
});

test('the real engine finds a property that does not exist', () => {
  asked.mockRestore();
  const app = new App();
  const stack = new Stack(app, 'S', { env: { account: '111122223333', region: 'eu-central-1' } });
  new CfnResource(stack, 'R', { type: 'AWS::S3::Bucket', properties: { NoSuchProperty: true } });
  const { violations } = new TemplateValidation(memory, 'real').validate(
    contextOf({ S: app.synth().getStackByName('S').template }),
  );
  expect(violations.map(({ description }) => description).join()).toMatch(/NoSuchProperty/);
  const carried = new TemplateValidation(memory, 'real').validate(
    contextOf({ S: carrying(app.synth().getStackByName('S').template) }),
  );
  expect(carried.violations.map(({ description }) => description).join()).toMatch(/it carries, R: .*NoSuchProperty/);
}, 60_000);
