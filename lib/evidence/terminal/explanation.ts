import type { Claim, Register } from '../../control/claim';
import type { ControlEvidence, Evidence, SubjectEvidence } from '../../control/evidence';
import { InputError } from '../../control/input-error';
import { type Catalogue, type ControlEntry, directionOf, parameterDefinitions, unitOf } from '../catalogue';
import { boundText, figureText, observedText } from '../printable';
import { nameOf, worstFirst } from '../report';
import { spoken, statusMeaning } from '../wording';
import { line, Terminal, type TerminalOptions } from './terminal';

/**
 * One promise or control in full: sentence, figures, controls, resources judged with the values read, runbook, and what a
 * pass does not prove.
 *
 * @param id of a claim (`tdb-log-retention-24m`) or a control (`log-04`)
 * @param evidence a run to take status, verdicts and resources from
 * @throws InputError when neither a claim nor a control has that id, with the ids that look like it
 */
export function renderExplanation(
  id: string,
  catalogue: Catalogue,
  options: TerminalOptions,
  evidence?: Evidence,
): string {
  const terminal = new Terminal(options);
  const control = catalogue.controls.find((entry) => entry.id === id);
  if (control) {
    return `${explainControl(control, catalogue, terminal, evidence).join('\n')}\n`;
  }
  for (const register of catalogue.registers) {
    const claim = register.claims.find((entry) => entry.id === id);
    if (claim) {
      return `${explainClaim(claim, register, catalogue, terminal, evidence).join('\n')}\n`;
    }
  }
  const ids = [...catalogue.registers.flatMap(({ claims }) => claims), ...catalogue.controls].map((entry) => entry.id);
  const near = ids.filter((known) => known.includes(id) || sharedStart(known, id) > Math.min(3, id.length - 1));
  const hint =
    near.length === 0
      ? 'avouch claims and avouch controls list all of them'
      : `near it are ${near.slice(0, 8).join(', ')}`;
  throw new InputError(`no promise and no control has the id '${line(id)}': ${hint}`);
}

function sharedStart(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) {
    length += 1;
  }
  return length;
}

const column = 16;

function field(terminal: Terminal, name: string, text: string): string {
  return `${terminal.colour.dim(name.padEnd(column))}${terminal.wrap(text, column)}`;
}

function explainClaim(
  claim: Claim,
  register: Register,
  catalogue: Catalogue,
  terminal: Terminal,
  evidence?: Evidence,
): readonly string[] {
  const say = (name: string, text: string): string => field(terminal, name, text);
  const found = evidence?.claims.find(({ id }) => id === claim.id);
  const definitions = parameterDefinitions(catalogue);
  const entries = new Map(catalogue.controls.map((entry) => [entry.id, entry]));
  return [
    `${terminal.heading(claim.id)}  ${found === undefined ? '' : terminal.painter(found.status)(found.status)}`.trimEnd(),
    terminal.wrap(line(claim.statement)),
    '',
    say('document', `${line(register.title)}, ${line(claim.section)}, line ${claim.lines.join(', ')}`),
    ...(found === undefined
      ? []
      : [say('means', statusMeaning[found.status]), ...found.reasons.map((reason) => say('because', line(reason)))]),
    ...claim.figures.map(({ parameter, bound, value }) =>
      say('figure', `${parameter} ${boundText(bound)} ${figureText(value, unitOf(definitions.get(parameter)))}`),
    ),
    say('proof', spoken(claim.enforceability)),
    ...(claim.planned ? [say('planned', statusMeaning.planned)] : []),
    ...(claim.runbook === undefined ? [] : [say('runbook', `runbooks/${claim.runbook}.md`)]),
    ...(claim.equivalent === undefined
      ? []
      : [say('delivered as', line(claim.equivalent.delivered)), say('publish', line(claim.equivalent.publish))]),
    ...(claim.conflict === undefined ? [] : [say('elsewhere', line(claim.conflict))]),
    ...(claim.controls.length === 0 ? [say('controls', 'none is bound')] : []),
    ...claim.controls.flatMap((id) => {
      const entry = entries.get(id);
      return [
        '',
        ...(entry === undefined
          ? [`${terminal.heading(id)}  not in this catalogue`]
          : explainControl(entry, catalogue, terminal, evidence)),
      ];
    }),
  ];
}

function explainControl(
  control: ControlEntry,
  catalogue: Catalogue,
  terminal: Terminal,
  evidence?: Evidence,
): readonly string[] {
  const say = (name: string, text: string): string => field(terminal, name, text);
  const found = evidence?.controls.find(({ id }) => id === control.id);
  return [
    `${terminal.heading(control.id)}  ${found === undefined ? '' : terminal.painter(found.verdict)(spoken(found.verdict))}`.trimEnd(),
    terminal.wrap(line(control.title)),
    '',
    say('keeps', control.claims.join(', ') || 'no promise'),
    ...looksOf(control).map((look) => say('looks at', look)),
    ...figureLines(control, catalogue, found).map((text) => say('figure', text)),
    ...Object.values(control.messages).map(({ violation }) => say('finds', line(violation))),
    say('does not prove', line(control.doesNotProve)),
    ...(control.runbook === undefined ? [] : [say('runbook', `runbooks/${control.runbook}.md`)]),
    ...(control.frameworks ?? []).map(({ framework, clause, because }) =>
      say('supports', line(`${framework} ${clause}${because === undefined ? '' : `: ${because}`}`)),
    ),
    ...(evidence !== undefined && found === undefined ? [say('judged', 'not run')] : []),
    ...(found?.subjects.length === 0 ? [say('judged', 'no resource of its kind is in what was examined')] : []),
    ...worstFirst(found?.subjects ?? []).flatMap((subject) => subjectLines(subject, terminal)),
  ];
}

function looksOf({ template, live, database, register, attested }: ControlEntry): readonly string[] {
  return [
    ...(template ? ['templates, by avouch check'] : []),
    ...(live ? ['the running account, by avouch verify'] : []),
    ...(database ? ['a running database, by avouch verify --database'] : []),
    ...(register ? ['the registers, by every run'] : []),
    ...(attested ? ['what a person must attest'] : []),
  ];
}

function figureLines(control: ControlEntry, catalogue: Catalogue, found?: ControlEvidence): readonly string[] {
  return Object.entries(control.parameters).map(([name, definition]) => {
    const figure = catalogue.figures.find(({ parameter }) => parameter === name);
    const value = found?.parameters[name] ?? figure?.value ?? definition.default;
    const claims = figure?.claims ?? [];
    const origin = claims.length === 0 ? 'the default, promised by nobody' : `set by ${claims.join(', ')}`;
    return `${name} = ${figureText(value, unitOf(definition))} (${directionOf(definition)}), ${origin}`;
  });
}

function subjectLines(subject: SubjectEvidence, terminal: Terminal): readonly string[] {
  const { verdict, type, constructPath, source, target, message, fix, exception, observations } = subject;
  const say = (name: string, text: string): string => field(terminal, `  ${name}`, text);
  return [
    '',
    `${terminal.painter(verdict)(spoken(verdict))}  ${line(nameOf(subject))}  ${terminal.colour.dim(line(type))}`,
    say(
      'at',
      [constructPath, source ?? target]
        .filter((place) => place !== undefined)
        .map(line)
        .join(', '),
    ),
    ...(message === undefined ? [] : [say(verdict === 'not-satisfied' ? 'got' : 'because', line(message))]),
    ...(fix === undefined ? [] : [say('fix', line(fix))]),
    ...(exception === undefined ? [] : [say('excused by', line(exception))]),
    ...observations.map(({ property, value }) => say('read', `${line(property)} = ${observedText(value)}`)),
  ];
}
