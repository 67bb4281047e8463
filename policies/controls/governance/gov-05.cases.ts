import type { ControlCases } from '../../../lib/control/cases';
import type { Claim, Register } from '../../../lib/control/claim';
import { type Control, defineControl } from '../../../lib/control/control';

const claim: Claim = {
  id: 'doc-encrypted',
  document: 'doc',
  section: 'Storage',
  lines: [1],
  statement: 'Stored data is encrypted.',
  kind: 'data',
  enforceability: 'enforced',
  planned: false,
  figures: [{ parameter: 'days', value: 30, bound: 'at_least' }],
  controls: ['enc-99'],
};

const keeper: Control = defineControl({
  id: 'enc-99',
  title: 'Stored data is encrypted',
  family: 'encryption',
  claims: ['doc-encrypted'],
  doesNotProve: 'Anything: it exists for these cases.',
  parameters: { days: { kind: 'number', stricter: 'higher', default: 7, unit: 'days', description: 'days kept' } },
  messages: {},
});

function registerOf(...claims: Claim[]): Register {
  return {
    document: 'doc',
    title: 'A document',
    source: { file: 'doc.txt', sha256: '0'.repeat(64), fingerprints: { 1: '0'.repeat(16) }, nonClaimLines: [] },
    claims,
  };
}

export const cases: ControlCases = {
  compliant: {},
  mutations: [],
  registers: [
    {
      name: 'register and catalogue agree',
      registers: [registerOf(claim)],
      catalogue: [keeper],
      expect: { 'doc-encrypted': 'satisfied' },
    },
    {
      name: 'a keeper that is not built yet is no lie: its claim shows as unproven',
      registers: [registerOf(claim)],
      catalogue: [],
      expect: { 'doc-encrypted': 'satisfied' },
    },
    {
      name: 'fails when a claim is bound to nothing',
      registers: [registerOf({ ...claim, controls: [] })],
      catalogue: [],
      expect: { 'doc-encrypted': { message: 'unbound' } },
    },
    {
      name: 'fails when the control does not list a claim that names it',
      registers: [registerOf(claim)],
      catalogue: [{ ...keeper, claims: [] }],
      expect: { 'doc-encrypted': { message: 'oneSided' } },
    },
    {
      name: 'fails when a control keeps a claim that no register holds',
      registers: [registerOf()],
      catalogue: [keeper],
      expect: { 'doc-encrypted': { message: 'unregistered' } },
    },
    {
      name: 'fails when a figure is of another kind than its parameter',
      registers: [registerOf({ ...claim, figures: [{ parameter: 'days', value: 'thirty', bound: 'at_least' }] })],
      catalogue: [keeper],
      expect: { 'doc-encrypted': { message: 'unfigured' } },
    },
  ],
};
