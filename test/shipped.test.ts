import { controlFiles } from '../bin/catalogue';
import { type ControlCases, type Mutation, resourcesOf } from '../lib/control/cases';
import type { Control } from '../lib/control/control';
import type { SubjectEvidence } from '../lib/control/evidence';
import { type CheckResult, checkTemplates } from '../lib/synth/check';
import { judgeGraph } from '../lib/synth/judge-template';
import { Graph } from '../lib/template/graph';
import { isObject, type Json } from '../lib/template/parse';
import { type ResourceDefinition, Template } from '../lib/template/template';
import { accessDigest } from './access-digest';
import { messageOf } from './control-tester';
import { evidenceRecord } from './evidence-record';
import { synthesizeOwnApp } from './own-app';
import { expectSnapshot } from './snapshot-file';

const { promises, graph } = synthesizeOwnApp();
const today = new Date().toISOString().slice(0, 10);

const catalogue = controlFiles().map((file) => ({
  control: (require(file) as { control: Control }).control,
  cases: (require(file.replace(/\.ts$/, '.cases.ts')) as { cases: ControlCases }).cases,
}));

/** The environment of an account that belongs to no organization: it has a detector and a hub of its own, and what is edited may be there alone. */
const alone = remembered(() => synthesizeOwnApp('strictest', 'production', null).graph);

let caught = 0;

afterAll(() => {
  process.stdout.write(`${caught} mutations of the project's own stacks caught\n`);
});

test.each(
  [...promises.policies.profiles.keys()].flatMap((profile) => [
    [profile, 'production'],
    [profile, 'development'],
  ]),
)('profile %s breaks no promise of its own in %s', (profile, environment) => {
  const own = synthesizeOwnApp(profile, environment);
  const result = checkTemplates({
    ...own.promises,
    graphs: [own.graph],
    registers: own.promises.policies.registers,
    records: own.promises.policies.records,
    opinions: [],
    stages: [environment, 'organization'],
    today,
  });
  expect(openSubjects(result)).toEqual([]);
});

const withEdits = catalogue.filter(({ cases }) => cases.mutations.some(({ notShipped }) => notShipped === undefined));

describe.each(withEdits.map(({ control, cases }) => [control.id, control, cases] as const))(
  '%s on the own stacks',
  (_id, control, cases) => {
    const shipped = cases.mutations.filter(({ notShipped }) => notShipped === undefined);
    const baselineOf = (some: Graph) => judgeGraph(control, some, promises.figures);
    const baseline = baselineOf(graph);
    const baselineAlone = remembered(() => baselineOf(alone()));

    test.each(shipped.map((mutation) => [mutation.name, mutation] as const))('is broken when %s', (_name, mutation) => {
      const own = targetsOf(mutation, graph, baseline);
      const [app, before, targets] =
        own.length > 0
          ? [graph, baseline, own]
          : [alone(), baselineAlone(), targetsOf(mutation, alone(), baselineAlone())];
      expect(targets).not.toEqual([]);
      for (const target of spread(targets)) {
        const after = baselineOf(withEdit(app, target, mutation));
        const found = newFindings(control, before, after).filter(({ message }) => message === mutation.expect.message);
        expect({ target: target.logicalId, found: found.length > 0 }).toEqual({
          target: target.logicalId,
          found: true,
        });
        caught++;
      }
    });
  },
);

/** What is broken without an exception, or could not be assessed, in words; what nobody has done yet is said by the claims that await it. */
function openSubjects({ controls }: CheckResult): readonly string[] {
  return controls.flatMap(({ id, subjects }) =>
    subjects
      // The day of a review is a matter of the release, and not of the change that is tested
      .filter(({ type }) => type !== 'Review')
      .filter(
        ({ verdict, exception, awaited }) =>
          (verdict === 'not-satisfied' && exception === undefined) || (verdict === 'not-assessed' && !awaited),
      )
      .map(
        ({ constructPath, logicalId, verdict, message }) =>
          `${id} ${constructPath ?? logicalId} ${verdict}: ${message}`,
      ),
  );
}

/** Resources that one edit is tried on, spread over the stacks: twenty alarms of one construct break alike. `MUTATIONS=all` tries every one. */
const mostTargets = process.env.MUTATIONS === 'all' ? Number.POSITIVE_INFINITY : 3;

function spread<T>(all: readonly T[]): readonly T[] {
  return all.filter((_, index) => index % Math.max(1, Math.ceil(all.length / mostTargets)) === 0);
}

/** The resources that an edit is tried on: those of its type that the control judges or follows today. */
function targetsOf(
  mutation: Mutation,
  graph: Graph,
  baseline: readonly SubjectEvidence[],
): readonly ResourceDefinition[] {
  const judged = new Set(baseline.filter(({ verdict }) => verdict === 'satisfied').map(({ logicalId }) => logicalId));
  const followed = new Set(
    baseline.flatMap(({ observations }) => observations.map(({ property }) => property.split('.')[0])),
  );
  // What a stack set carries joins accounts that have more: that something is missing as a whole is not found there
  return [graph, ...(mutation.expect.at === '' ? [] : graph.carried)]
    .flatMap((each) => each.ofType(mutation.edit.on))
    .filter(({ logicalId }) => judged.has(logicalId) || followed.has(logicalId))
    .filter((resource) => mutation.shippedWhere?.({ Type: resource.type, Properties: resource.properties }) ?? true);
}

/** Makes something when it is first asked for: most runs need no second app. */
function remembered<T>(make: () => T): () => T {
  let made: { readonly it: T } | undefined;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}

function withEdit(graph: Graph, target: ResourceDefinition, mutation: Mutation): Graph {
  const [path, stackSet] = target.template.path.split('#');
  const templates = graph.templates.map((template) => {
    if (template.path !== path) {
      return template;
    }
    const document = structuredClone(template.document);
    if (stackSet === undefined) {
      mutation.edit.apply(document, target.logicalId);
    } else {
      editCarried(document, stackSet, (carried) => mutation.edit.apply(carried, target.logicalId));
    }
    return new Template(template.origin, document);
  });
  return new Graph(templates, graph.files);
}

/** The same edit, made to the template that a stack set carries as text. */
function editCarried(document: Json, stackSet: string, edit: (carried: Json) => void): void {
  const set = resourcesOf(document)[stackSet];
  const properties = isObject(set) && isObject(set.Properties) ? set.Properties : {};
  const carried: Json = JSON.parse(String(properties.TemplateBody));
  edit(carried);
  properties.TemplateBody = JSON.stringify(carried);
}

function newFindings(control: Control, before: readonly SubjectEvidence[], after: readonly SubjectEvidence[]) {
  const keyOf = (subject: SubjectEvidence) => `${subject.target}#${subject.logicalId}#${subject.message}`;
  const known = new Set(before.map(keyOf));
  return after
    .filter(
      (subject) =>
        (subject.verdict === 'not-satisfied' || subject.verdict === 'not-assessed') && !known.has(keyOf(subject)),
    )
    .map((subject) => ({ logicalId: subject.logicalId, message: messageOf(control, subject) }));
}

// What no example names yet is tried in test/stacks/organisations.test.ts and delivery-stack.test.ts, a scope that nobody has read in
// test/policies/inheritance.test.ts, and sign-in with another company's account, which none lets in, by its cases
test('every control watches something that the project deploys, but for those that are tried by hand', () => {
  const idle = catalogue
    .filter(({ control }) => control.template)
    .filter(({ cases }) => cases.mutations.every(({ notShipped }) => notShipped !== undefined))
    .map(({ control }) => control.id);
  expect(idle).toEqual(['auz-03', 'sdl-02', 'gov-01', 'idn-07']);
});

test.each(['eu-west-2', 'eu-central-2', 'us-east-1', undefined])('a stack that moves to %s breaks res-01', (region) => {
  const control = catalogue.find((each) => each.control.id === 'res-01')?.control;
  if (!control) {
    throw new Error('res-01 is gone');
  }
  for (const moved of graph.templates) {
    const templates = graph.templates.map((template) =>
      template === moved ? new Template({ ...template.origin, region }, template.document) : template,
    );
    const after = judgeGraph(control, new Graph(templates, graph.files), promises.figures);
    expect(after.filter(({ verdict }) => verdict === 'not-satisfied').map(({ target }) => target)).toEqual([
      moved.path,
    ]);
    caught++;
  }
});

describe('snapshots', () => {
  test.each(graph.templates.map((template) => [template.origin.stackName ?? template.path, template] as const))(
    'the template of %s',
    (name, template) => {
      const text = JSON.stringify(template.document, null, 1).replace(/[0-9a-f]{64}/g, '<asset hash>');
      expectSnapshot(`${name}.template.json`, `${text}\n`);
    },
  );

  test('the logical ids of what holds state: a changed one is a replaced store', () => {
    const ids = stateful.flatMap((type) =>
      graph.ofType(type).map(({ template, logicalId }) => `${template.origin.stackName} ${type} ${logicalId}`),
    );
    expect(ids.length).toBeGreaterThan(10);
    expectSnapshot('stateful-ids.txt', `${ids.sort().join('\n')}\n`);
  });

  test('the access digest: who may do what on what', () => {
    expectSnapshot('access-digest.txt', accessDigest(graph));
  });

  test('the evidence record: what each control judged, and where it looked', () => {
    const controls = catalogue.map(({ control }) => control);
    expectSnapshot('evidence-record.txt', evidenceRecord(controls, graph, promises.figures));
  });
});

const stateful = [
  'AWS::KMS::Key',
  'AWS::S3::Bucket',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBSubnetGroup',
  'AWS::Cognito::UserPool',
  'AWS::DynamoDB::Table',
  'AWS::Logs::LogGroup',
  'AWS::CloudTrail::Trail',
  'AWS::EC2::VPC',
  'AWS::SecretsManager::Secret',
  'AWS::VerifiedPermissions::PolicyStore',
  'AWS::Backup::BackupVault',
  'AWS::Backup::LogicallyAirGappedBackupVault',
];
