import type { Template } from 'aws-cdk-lib/assertions';

export interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Seconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly Parameters?: Record<string, unknown>;
  readonly Branches?: readonly Definition[];
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
}

export interface Definition {
  readonly StartAt: string;
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, State>>;
}

/** Answers of the tasks of a machine, by the name of the state. */
export type Handlers = Readonly<Record<string, (input: never) => unknown>>;

interface Machine {
  run(input: object, options: object): { readonly result: Promise<unknown> };
}

// Newer than Node.js 20, and expected by the interpreter of the definition
if (!('withResolvers' in Promise)) {
  Object.assign(Promise, {
    withResolvers: () => {
      let resolve: (value: unknown) => void = () => undefined;
      let reject: (reason: unknown) => void = () => undefined;
      const promise = new Promise((yes, no) => {
        resolve = yes;
        reject = no;
      });
      return { promise, resolve, reject };
    },
  });
}

const { StateMachine } = require('aws-local-stepfunctions') as {
  StateMachine: new (definition: object, options?: object) => Machine;
};

/** The definition of a machine as CloudFormation would hand it to Step Functions. */
export function definitionOf(template: Template, name: string): Definition {
  const machines = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const found = machines.find(({ Properties: properties }) => properties.StateMachineName === name);
  const pieces: unknown[] = found?.Properties.DefinitionString['Fn::Join'][1] ?? [];
  return JSON.parse(pieces.map((piece) => (typeof piece === 'string' ? piece : 'reference')).join(''));
}

/** Every state by its name, those of parallel branches too. */
export function statesOf({ States: states }: Definition): readonly (readonly [string, State])[] {
  return Object.entries(states).flatMap(([name, state]) => [
    [name, state] as const,
    ...(state.Branches ?? []).flatMap(statesOf),
  ]);
}

const entered = {
  State: { EnteredTime: '2026-11-29T10:00:00Z', Name: 'any', RetryCount: 0 },
  Task: { Token: 'token' },
};

/** Runs a definition; a wait takes no time. */
export async function interpret(
  definition: Definition,
  input: object,
  handlers: Handlers,
  context: object = entered,
): Promise<{ readonly value?: unknown; readonly error?: string }> {
  const waits = statesOf(definition).filter(([, { Type: type }]) => type === 'Wait');
  const machine = new StateMachine(withoutTimeouts(definition), { validationOptions: { checkArn: false } });
  const { result } = machine.run(input, {
    overrides: {
      taskResourceLocalHandlers: handlers,
      waitTimeOverrides: Object.fromEntries(waits.map(([name]) => [name, 0])),
    },
    context,
  });
  return result.then(
    (value) => ({ value }),
    (error: unknown) => ({ error: String(error) }),
  );
}

/** The interpreter looks for the path in the parameters of a task, AWS in the input of its state. */
function withoutTimeouts(whole: Definition): Definition {
  const states = Object.entries(whole.States).map(([name, { TimeoutSecondsPath: _left, ...state }]) => [
    name,
    { ...state, ...(state.Branches && { Branches: state.Branches.map(withoutTimeouts) }) },
  ]);
  return { ...whole, States: Object.fromEntries(states) };
}
