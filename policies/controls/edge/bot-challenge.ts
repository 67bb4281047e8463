import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { disguises, type Routes, routes } from './routes';
import { type Matcher, matcherOf, type SampleRequest } from './sample-request';
import { acts, association, type FirewallRule } from './web-acl';

/** Holds any answer that a client could bring: longer than a challenge asks for. */
const anyAnswer = 'x'.repeat(256);

/** What every browser, and every robot worth its name, sends along: none of it answers a challenge. */
const sentAnyway = {
  accept: '*/*',
  'content-type': 'application/x-www-form-urlencoded',
  cookie: 'session=1',
  host: 'app.example.com',
  origin: 'https://app.example.com',
  referer: 'https://app.example.com/',
  'sec-fetch-site': 'same-origin',
  'user-agent': 'Mozilla/5.0',
  'x-csrf-token': 'x',
};

function sent(path: string): SampleRequest {
  return { method: 'POST', path, headers: sentAnyway };
}

/** Judges that whoever sends the contact form or registers is tested first. */
export function judgeChallenges(rules: readonly FirewallRule[]): readonly Outcome[] {
  const read = rules.map((rule) => ({ rule, matches: matcherOf(rule.statement) }));
  return routes.filter(({ name }) => name === 'contact' || name === 'sign-up').flatMap((form) => judgeForm(read, form));
}

function judgeForm(
  rules: readonly { readonly rule: FirewallRule; readonly matches: Matcher }[],
  form: Routes,
): readonly Outcome[] {
  let problem: Outcome | undefined;
  for (const { rule, matches } of rules) {
    const tests = (path: string) => matches(sent(path)) === true && asks(rule, matches, path);
    const path = form.paths.find(tests);
    if (path !== undefined) {
      const evaded = disguises.map((disguise) => disguise(path)).find((written) => !tests(written));
      if (evaded === undefined) {
        return [satisfied];
      }
      const values = { rule: rule.name, form: form.name, example: evaded };
      problem ??= finding('evaded', rule.statement.path, values);
    }
    const hidden = acts(rule, 'Captcha') !== 'absent' && matches(sent(form.paths[0] ?? '/')) === undefined;
    problem ??= hidden
      ? notAssessed('which requests the challenge is for is not known', rule.statement.path)
      : undefined;
  }
  return [problem ?? finding('unchallenged', 'Rules', { form: form.name })];
}

/** A challenge of the firewall, or a refusal of what brings no answer to the application's: with an answer in any header it passes. */
function asks(rule: FirewallRule, matches: Matcher, path: string): boolean {
  if (acts(rule, 'Captcha') === 'known' || acts(rule, 'Challenge') === 'known') {
    return true;
  }
  return acts(rule, 'Block') === 'known' && matches({ ...sent(path), anyHeader: anyAnswer }) === false;
}

/** A client without a secret registers past every form, by calling the user pool itself. */
export function judgeSignUp(client: Subject): readonly Outcome[] {
  return decide(client.bool('GenerateSecret'), {
    known: (secret) => (secret ? satisfied : judgePool(client)),
    absent: () => judgePool(client),
  });
}

function judgePool(client: Subject): Outcome {
  const reference = client.reference('UserPoolId');
  if (reference.kind !== 'known') {
    return notAssessed('whether anybody may register with its user pool is not in the template', 'UserPoolId');
  }
  const pool = reference.value.subject;
  const closed = pool.bool('AdminCreateUserConfig.AllowAdminCreateUserOnly');
  if (closed.kind === 'known' && closed.value) {
    return notApplicable('nobody can register with its user pool');
  }
  return pool.scope.referring(pool, association, 'ResourceArn').length > 0
    ? satisfied
    : finding('directSignUp', 'GenerateSecret');
}
