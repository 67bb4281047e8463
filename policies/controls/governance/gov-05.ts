import type { Claim, Register } from '../../../lib/control/claim';
import { type Control, defineControl, type WholeOutcome } from '../../../lib/control/control';
import { finding, type Outcome, satisfied } from '../../../lib/control/verdict';

/** GOV-05: the register itself. A promise that nothing tests is said to be unproven, by name; one that nobody listed is a lie by silence. */
export const control = defineControl({
  id: 'gov-05',
  title: 'Every registered promise is bound to a control, and register and catalogue agree on who keeps what',
  family: 'governance',
  claims: [
    'cfeu-multilayer-access',
    'cfus-honest-list',
    'cfus-layers-named',
    'cly-defense-in-depth',
    'clvr-ir-plan-review',
  ],
  doesNotProve:
    'That a whitepaper says nothing beyond its registered lines after it changed (avouch claims --document compares them), or that a control which is bound exists already: a missing one leaves its claims unproven.',
  runbook: 'register-whitepaper',
  parameters: {},
  messages: {
    unbound: {
      violation: 'claim {name} is bound to no control: nothing will ever test it',
      fix: 'name the controls that keep it under "controls" in the register, or take the sentence out of the whitepaper',
    },
    oneSided: {
      violation: 'claim {name} names {control} as its keeper, but the control does not list the claim',
      fix: 'add the claim to the control, or remove the control from the claim',
    },
    unregistered: {
      violation: 'control {control} says that it keeps {name}, which does not name it in any register',
      fix: 'add the control to the claim in its register, or remove the claim from the control',
    },
    unfigured: {
      violation:
        'claim {name} has a figure for {parameter} that is {value}: the control measures another kind of value',
      fix: 'write the figure as the parameter is declared',
    },
  },
  register: { judge: judgeRegisters },
});

function* judgeRegisters(registers: readonly Register[], catalogue: readonly Control[]): Generator<WholeOutcome> {
  const controls = new Map(catalogue.map((each) => [each.id, each]));
  const claims = new Map(registers.flatMap((register) => register.claims.map((claim) => [claim.id, claim] as const)));
  for (const claim of claims.values()) {
    for (const outcome of judgeClaim(claim, controls)) {
      yield outcomeOn(claim.id, claim.document, outcome, [{ property: 'controls', value: claim.controls.join(', ') }]);
    }
  }
  for (const each of catalogue) {
    for (const id of each.claims.filter((claimed) => !claims.get(claimed)?.controls.includes(each.id))) {
      yield outcomeOn(id, 'catalogue', finding('unregistered', undefined, { control: each.id }), []);
    }
  }
}

function judgeClaim(claim: Claim, controls: ReadonlyMap<string, Control>): readonly Outcome[] {
  if (claim.controls.length === 0) {
    return [finding('unbound')];
  }
  const oneSided = claim.controls
    .filter((id) => controls.get(id)?.claims.includes(claim.id) === false)
    .map((id) => finding('oneSided', undefined, { control: id }));
  const unfigured = claim.figures.flatMap(({ parameter, value }) => {
    const declared = [...controls.values()]
      .map(({ parameters }) => parameters[parameter])
      .find((each) => each !== undefined);
    return declared && typeof value !== typeof declared.default
      ? [finding('unfigured', undefined, { parameter, value })]
      : [];
  });
  const findings = [...oneSided, ...unfigured];
  return findings.length > 0 ? findings : [satisfied];
}

function outcomeOn(
  subject: string,
  document: string,
  outcome: Outcome,
  observations: WholeOutcome['observations'],
): WholeOutcome {
  return { target: `policies/claims/${document}.yaml`, subject, type: 'Claim', outcome, observations };
}
