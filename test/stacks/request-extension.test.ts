import type { SubjectEvidence } from '../../lib/control/evidence';
import { judgeGraph } from '../../lib/synth/judge-template';
import { Graph } from '../../lib/template/graph';
import { Template } from '../../lib/template/template';
import { control } from '../../policies/controls/privacy/prv-02';
import { cases } from '../../policies/controls/privacy/prv-02.cases';
import { messageOf } from '../control-tester';
import { synthesizeOwnApp } from '../own-app';

// The default profile promises an answer within 30 days and no exception; this one leaves the two more months of GDPR, Article 12(3)
const { graph, promises } = synthesizeOwnApp('cly');

const [process] = graph
  .ofType('AWS::StepFunctions::StateMachine')
  .filter(({ properties }) => JSON.stringify(properties).includes('opt-out'));

const ofExtension = cases.mutations.filter(({ notShipped }) => notShipped !== undefined);

function found(evidence: readonly SubjectEvidence[]): readonly string[] {
  return evidence
    .filter(({ verdict }) => verdict === 'not-satisfied' || verdict === 'not-assessed')
    .map((subject) => messageOf(control, subject));
}

test('a process with a way to more time keeps the promise', () => {
  const evidence = judgeGraph(control, graph, promises.figures);
  expect(found(evidence)).toEqual([]);
  expect(evidence.filter(({ verdict }) => verdict === 'satisfied').map(({ logicalId }) => logicalId)).toEqual([
    process?.logicalId,
  ]);
});

test.each(ofExtension.map((mutation) => [mutation.name, mutation] as const))('fails when %s', (_name, mutation) => {
  const templates = graph.templates.map((template) => {
    if (template !== process?.template) {
      return template;
    }
    const document = structuredClone(template.document);
    mutation.edit.apply(document, process.logicalId);
    return new Template(template.origin, document);
  });
  expect(found(judgeGraph(control, new Graph(templates, graph.files), promises.figures))).toEqual([
    mutation.expect.message,
  ]);
});

test('there are mutations to try', () => {
  expect(ofExtension.length).toBeGreaterThan(5);
});
