import { finding, type Outcome } from '../../../lib/control/verdict';
import { isObject, type Json } from '../../../lib/template/parse';
import { isHumanWait } from './human-steps';
import { tested } from './incident-machine';
import { questionIn } from './report-machine';
import { conclusions, ends, listOf, type Machine, nextOf, passedBy, reachableFrom, type State } from './state-machine';

const reviews = /review|lessons/i;
const accounts = /account|report|publish/i;

/** Everything that is wrong with the end of an incident: no review, one without consequence, or customers who hear nothing. */
export function reviewFaults(machine: Machine, mostDays: number): readonly Outcome[] {
  const review = waitsNamed(machine, reviews);
  const account = waitsNamed(machine, accounts);
  if (review.length === 0) {
    return [finding('noReview')];
  }
  const goals = endsBeside(machine, review);
  const untold = [1, 2].filter((grade) => closesUntold(machine, account, { grade, goals }));
  const unread = review.flatMap(({ body }) => (typeof body.Next === 'string' ? [body.Next] : []));
  return [
    ...(passedBy(machine, unread, goals, asksForActions) ? [finding('noActions')] : []),
    ...(untold.length > 0 ? [finding('noAccount', undefined, { grade: untold.join(' and ') })] : []),
    ...review.flatMap((wait) => judgeTime(machine, wait, mostDays)),
  ];
}

function waitsNamed(machine: Machine, name: RegExp): readonly State[] {
  const reached = reachableFrom(machine, [machine.start]);
  return [...machine.states.values()].filter(
    (state) => reached.has(state.name) && name.test(state.name) && isHumanWait(state),
  );
}

/** Ends of the branch that the review stands in, and of the whole; what other branches end with is no end of it. */
function endsBeside(machine: Machine, review: readonly State[]): readonly string[] {
  const own = [...machine.branches.values()].flat().filter((branch) => review.some(({ name }) => branch.has(name)));
  return [...conclusions(machine), ...ends(machine).filter((end) => own.some((branch) => branch.has(end)))];
}

/** A choice that is taken only where an action has an owner and a day. */
function asksForActions(choice: Json): boolean {
  const words = tested(choice);
  return /owner|responsible/.test(words) && /due|deadline|date/.test(words);
}

/** Whether an incident of a grade can end although no customer was told. */
function closesUntold(
  machine: Machine,
  account: readonly State[],
  { grade, goals }: { readonly grade: number; readonly goals: readonly string[] },
): boolean {
  const seen = new Set<string>();
  const open = [machine.start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = machine.states.get(name);
    if (state && !seen.has(name) && !account.includes(state)) {
      seen.add(name);
      open.push(...waysOf(state, grade));
    }
  }
  return goals.some((goal) => seen.has(goal));
}

/** Where a state leads an incident of a grade: a decision about the grade alone leads one way, any other every way. */
function waysOf(state: State, grade: number): readonly string[] {
  if (state.body.Type !== 'Choice') {
    return nextOf(state);
  }
  const taken: string[] = [];
  for (const choice of listOf(state.body.Choices)) {
    const holds = holdsFor(choice, grade);
    if (holds !== false) {
      taken.push(String(choice.Next));
    }
    if (holds === true) {
      return taken;
    }
  }
  return [...taken, ...(typeof state.body.Default === 'string' ? [state.body.Default] : [])];
}

/** Undefined where the choice asks for something else than the grade. */
function holdsFor(choice: Json, grade: number): boolean | undefined {
  if (Array.isArray(choice.And)) {
    const all = listOf(choice.And).map((each) => holdsFor(each, grade));
    return all.includes(false) ? false : all.every((each) => each === true) ? true : undefined;
  }
  if (Array.isArray(choice.Or)) {
    const all = listOf(choice.Or).map((each) => holdsFor(each, grade));
    return all.includes(true) ? true : all.every((each) => each === false) ? false : undefined;
  }
  if (isObject(choice.Not)) {
    const inner = holdsFor(choice.Not, grade);
    return inner === undefined ? undefined : !inner;
  }
  return /severity|grade/i.test(String(choice.Variable)) ? compares(choice, grade) : undefined;
}

function compares(choice: Json, grade: number): boolean | undefined {
  const comparisons: Readonly<Record<string, (value: number) => boolean>> = {
    NumericEquals: (value) => grade === value,
    NumericLessThan: (value) => grade < value,
    NumericLessThanEquals: (value) => grade <= value,
    NumericGreaterThan: (value) => grade > value,
    NumericGreaterThanEquals: (value) => grade >= value,
  };
  for (const [operator, compare] of Object.entries(comparisons)) {
    const value = choice[operator];
    if (typeof value === 'number') {
      return compare(value);
    }
  }
  return choice.IsPresent === true || choice.IsNumeric === true ? true : undefined;
}

function judgeTime(machine: Machine, wait: State, mostDays: number): readonly Outcome[] {
  const questions = [...machine.states.values()]
    .filter(({ name, body }) => body.Type === 'Task' && body.Next === wait.name && !/escalat|remind|late/i.test(name))
    .map(({ body }) => questionIn(body));
  const late = questions.filter(({ hours = Number.POSITIVE_INFINITY }) => hours > mostDays * 24);
  return questions.length === 0 || late.length > 0
    ? [
        finding('lateReview', undefined, {
          got: late[0]?.hours === undefined ? 'no hours' : `${late[0].hours} hours`,
          most: mostDays,
        }),
      ]
    : [];
}
