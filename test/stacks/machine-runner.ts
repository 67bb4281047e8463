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

interface TaskState {
  readonly Type?: string;
  readonly Resource?: string;
}

/** Does the work of one task: its state, what it calls, and what it is given. */
// biome-ignore lint/suspicious/noExplicitAny: what a task is given is as its definition has it
export type TaskHandler = (name: string, resource: string, given: any) => unknown;

/**
 * Runs a definition in an interpreter. The names of the tasks come back in the order in which they ran; what runs in a circle ends after a
 * hundred of them.
 *
 * Timeouts are left out: the interpreter looks for their path in the parameters of a task, AWS in the input of its state.
 */
export async function runMachine(
  definition: { readonly States: Readonly<Record<string, object>> },
  input: object,
  now: string,
  handle: TaskHandler,
) {
  const path: string[] = [];
  const states = Object.entries(definition.States).map(([name, state]) => {
    const { TimeoutSecondsPath: _left, ...rest } = state as Record<string, unknown>;
    return [name, rest] as const;
  });
  const handlers = states
    .filter(([, { Type: type }]) => type === 'Task')
    .map(([name, state]) => {
      const { Resource: resource = '' } = state as TaskState;
      const handler = (given: unknown) => {
        path.push(name);
        if (path.length > 100) {
          throw new Error('the process runs in a circle');
        }
        return handle(name, resource, given);
      };
      return [name, handler] as const;
    });
  const machine = new StateMachine(
    { ...definition, States: Object.fromEntries(states) },
    { validationOptions: { checkArn: false } },
  );
  const { result } = machine.run(input, {
    overrides: { taskResourceLocalHandlers: Object.fromEntries(handlers) },
    context: { State: { EnteredTime: now, Name: 'any', RetryCount: 0 }, Task: { Token: 'token' } },
  });
  const outcome = await result.then(
    (value) => ({ value }),
    (error: unknown) => ({ error: String(error) }),
  );
  return { path, outcome };
}
