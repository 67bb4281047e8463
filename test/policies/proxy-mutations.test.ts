import { proxyConfiguration } from '../../lib/constructs/proxy/reverse-proxy';
import type { ControlCases } from '../../lib/control/cases';
import type { Control } from '../../lib/control/control';
import { control as origins } from '../../policies/controls/edge/edg-03';
import { cases as originCases } from '../../policies/controls/edge/edg-03.cases';
import { control as cookies } from '../../policies/controls/edge/edg-04';
import { cases as cookieCases } from '../../policies/controls/edge/edg-04.cases';
import { control as responses } from '../../policies/controls/edge/edg-05';
import { cases as responseCases } from '../../policies/controls/edge/edg-05.cases';
import { control as bodies } from '../../policies/controls/edge/edg-07';
import { cases as bodyCases } from '../../policies/controls/edge/edg-07.cases';
import { proxiedApplication } from '../../policies/controls/edge/example-proxy';
import { judgeCase, messageOf } from '../control-tester';

const generated = proxyConfiguration({
  domainName: 'app.example.eu',
  minimumTls: '1.3',
  hstsSeconds: 31_536_000,
  strictCookies: true,
  trustedRange: '10.0.0.0/16',
  readers: ['https://status.example.eu'],
});

const template = () => ({ Resources: proxiedApplication(generated) });

describe.each<[string, Control, ControlCases]>([
  ['edg-03', origins, originCases],
  ['edg-04', cookies, cookieCases],
  ['edg-05', responses, responseCases],
  ['edg-07', bodies, bodyCases],
])('%s on the configuration that the project generates', (_id, control, cases) => {
  const found = (given: ReturnType<typeof template>) =>
    judgeCase(control, { template: given }, true).filter(
      ({ verdict }) => verdict === 'not-satisfied' || verdict === 'not-assessed',
    );

  test('finds nothing', () => {
    expect(found(template()).map(({ message }) => message)).toEqual([]);
  });

  const edits = cases.mutations.filter(({ edit, shippedWhere }) => shippedWhere && edit.on.endsWith('TaskDefinition'));

  test.each(edits.map((mutation) => [mutation.name, mutation] as const))(
    'catches: %s',
    (_name, { edit, expect: { message } }) => {
      const edited = template();
      edit.apply(edited, 'Task');
      expect(found(edited).map((subject) => messageOf(control, subject))).toContain(message);
    },
  );
});
