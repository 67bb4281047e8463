import { judgeGraph } from '../../lib/synth/judge-template';
import { Graph } from '../../lib/template/graph';
import { Template, type TemplateOrigin } from '../../lib/template/template';
import { control } from '../../policies/controls/residency/res-01';
import { figuresOf } from '../control-tester';

const file: TemplateOrigin = { path: 'template.yaml', sha256: '0'.repeat(64) };
const bucket = { Resources: { Files: { Type: 'AWS::S3::Bucket' } } };

function judge(origins: readonly TemplateOrigin[], presentOnly = false) {
  const graph = new Graph(origins.map((origin) => new Template(origin, bucket)));
  return judgeGraph(control, graph, figuresOf(control), { presentOnly }).map(({ target, verdict }) => [
    target,
    verdict,
  ]);
}

test('a template by itself is deployed nowhere yet: not assessed, and no concern where only what is present is judged', () => {
  expect(judge([file])).toEqual([['template.yaml', 'not-assessed']]);
  expect(judge([file], true)).toEqual([['template.yaml', 'not-applicable']]);
});

test('every stack of an assembly is judged by itself', () => {
  const stack = (name: string, region?: string) => ({ ...file, path: `${name}.json`, stackName: name, region });
  expect(judge([stack('Data', 'eu-central-1'), stack('Edge', 'us-east-1'), stack('Anywhere')])).toEqual([
    ['Data.json', 'satisfied'],
    ['Edge.json', 'not-satisfied'],
    ['Anywhere.json', 'not-satisfied'],
  ]);
});
