import { refuse } from './input-error';
import type { Regime, RegimeRegister } from './regime';
import regimeSchema from './regime.schema.json';
import { readShaped } from './schema';

/**
 * Reads the register of regimes; `file` is named in errors.
 *
 * @throws InputError where text, shape or content is wrong
 */
export function parseRegimes(file: string, text: string): RegimeRegister {
  const register = readShaped<RegimeRegister>(file, text, regimeSchema);
  refuse(regimeProblems(file, register.regimes));
  return register;
}

function regimeProblems(file: string, regimes: readonly Regime[]): string[] {
  return [
    ...twice(regimes.map(({ id }) => id)).map((id) => `${file}: regime '${id}' stands twice: remove one of them`),
    ...twice(regimes.flatMap(({ claims }) => claims)).map(
      (claim) => `${file}: claim '${claim}' stands twice: let one regime have it`,
    ),
    ...regimes.flatMap((regime) => wordProblems(regime).map((problem) => `${file}: regime '${regime.id}': ${problem}`)),
  ];
}

/** A mapping that does not say why is a guess, and a gap that is not said in words is hidden. */
function wordProblems({ measures, notMeasured }: Regime): string[] {
  return [
    ...twice(measures.map(({ section }) => section)).map(
      (section) => `measure '${section}' stands twice: put its controls into one`,
    ),
    ...measures
      .filter(({ because }) => !isSentence(because))
      .map(
        ({ section, because }) => `measure '${section}': because is "${because}", expected a sentence with its stop`,
      ),
    ...notMeasured
      .filter((sentence) => !isSentence(sentence))
      .map((sentence) => `notMeasured is "${sentence}", expected a sentence with its stop`),
  ];
}

const isSentence = (text: string) => /\S\s+\S.*\.$/s.test(text.trim());

const twice = (names: readonly string[]) => [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
