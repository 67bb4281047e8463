import { assert, property, string } from 'fast-check';
import { readPolicies, sourcesOf } from '../../lib/template/content-security-policy';
import { policyFaults } from '../../policies/controls/edge/policy-faults';

const frame = "base-uri 'none'; frame-ancestors 'none'";

test.each([
  [`default-src 'self'; ${frame}`, []],
  [`DEFAULT-SRC 'self'; ${frame}`, []],
  [`default-src 'self'; script-src 'self' 'sha256-abc' 'unsafe-inline'; ${frame}`, []],
  [`default-src 'self'; img-src https: data:; ${frame}`, []],
  [`default-src 'self'; script-src 'unsafe-inline'; ${frame}`, ["script-src allows 'unsafe-inline'"]],
  [`default-src 'self'; style-src 'unsafe-inline'; ${frame}`, ["style-src allows 'unsafe-inline'"]],
  [`default-src 'self'; script-src data:; ${frame}`, ['script-src allows data:']],
  [`default-src 'self'; script-src *.example.com; ${frame}`, ['script-src allows *.example.com']],
  [`default-src 'self'; script-src https://*:443; ${frame}`, ['script-src allows https://*:443']],
  [`default-src 'self'; script-src http://cdn.example; ${frame}`, ['script-src allows http://cdn.example']],
  [`default-src 'self'; script-src 'nonce-1'; ${frame}`, ["script-src allows 'nonce-1'"]],
  [`img-src 'self'; ${frame}`, ['nothing limits script-src', 'nothing limits object-src']],
  ["default-src 'self'", ['nothing limits base-uri', 'nothing limits frame-ancestors']],
  ['', ['it is empty']],
  [`script-src *, default-src 'self'; ${frame}`, []],
])('%p', (header, faults) => {
  expect(policyFaults(header, false)).toEqual(faults);
});

test('trusted types are asked for where scripts run, and only there', () => {
  expect(policyFaults(`default-src 'self'; ${frame}`, true)).toEqual(["require-trusted-types-for 'script' is missing"]);
  expect(policyFaults(`default-src 'none'; ${frame}`, true)).toEqual([]);
});

test('the first of two directives counts, and what is left out falls back', () => {
  const [policy = new Map()] = readPolicies('script-src a; script-src b; default-src c');
  expect(sourcesOf(policy, 'script-src-elem')).toEqual(['a']);
  expect(sourcesOf(policy, 'worker-src')).toEqual(['a']);
  expect(sourcesOf(policy, 'img-src')).toEqual(['c']);
  expect(sourcesOf(policy, 'base-uri')).toBeUndefined();
});

test('any text gives an answer', async () => {
  await assert(
    property(string(), (text) => {
      expect(Array.isArray(policyFaults(text, true))).toBe(true);
    }),
  );
});
