import { change, type Edit } from '../../../lib/control/cases';

const machine = 'AWS::StepFunctions::StateMachine';

/** Rewrites the text of a definition, wherever it is cut by references. */
export function rewrite(from: string, to: string, everywhere = false): Edit {
  const escaped = (text: string) => JSON.stringify(text).slice(1, -1);
  return change(machine, (properties) => {
    const text = JSON.stringify(properties.DefinitionString);
    properties.DefinitionString = JSON.parse(
      everywhere ? text.replaceAll(escaped(from), escaped(to)) : text.replace(escaped(from), escaped(to)),
    );
  });
}
