import type { LiveHalf } from '../../../lib/control/live';
import { collectFindings, type InspectorFacts, inspectorReads, judgeFindings } from './inspector-findings';

/** SDL-03 in the running account: no flaw of a library waits for longer than promised, in an image or a function. */
export const liveHalf: LiveHalf<InspectorFacts> = {
  reads: [...inspectorReads],
  expects: 'at-least-one',
  collect: collectFindings,
  judge: (facts, { figures }) =>
    judgeFindings(facts, ['ecr', 'lambda'], isOfLibrary, {
      criticalHours: figures.number('patch.criticalHours'),
      days: figures.number('patch.days'),
    }),
};

/** Packages of the operating system are the concern of sdl-04. */
function isOfLibrary(managers: readonly string[]): boolean {
  return managers.some((manager) => manager !== 'OS' && manager !== 'unknown');
}
