import type { Branch, Rule, State } from './define.ts';

/** Steps in their order; what stands side by side is a list of flows of its own. */
export type Flow = readonly (FlowStep | readonly Flow[])[];

export interface FlowStep {
  /** `PGMigrate`, or `PGMigrate.main` where it runs once per database. */
  readonly name: string;
  /** It calls out and waits for what becomes of it. */
  readonly waits: boolean;
}

/** What the choices on the way would find, by the path they ask; whatever is not named here is not so. */
export type Answers = Readonly<Record<string, string | boolean>>;

/** The one way through a machine on which nothing fails, where choices find these answers, with a step per database. */
export const chosenFlow = (machine: Branch, answers: Answers, databases: readonly string[]): Flow => {
  const walk = { answers, databases };
  const flow: (FlowStep | readonly Flow[])[] = [];
  for (let name: string | undefined = machine.StartAt; name !== undefined; ) {
    const state: State<string> | undefined = machine.States[name];
    if (!state) throw new Error(`The machine has no state ${name}`);
    flow.push(...partsOf(name, state, walk));
    name = nextOf(state, answers);
  }
  return flow;
};

interface Walk {
  readonly answers: Answers;
  readonly databases: readonly string[];
}

const partsOf = (name: string, state: State<string>, walk: Walk): Flow => {
  switch (state.Type) {
    case 'Task':
      return [{ name: wordOf(name), waits: state.Resource.endsWith('.waitForTaskToken') }];
    case 'Parallel':
      return sideBySide(state.Branches.map((each) => chosenFlow(each, walk.answers, walk.databases)));
    case 'Map':
      return sideBySide(walk.databases.map((database) => ofDatabase(state.ItemProcessor, walk.answers, database)));
    default:
      return [];
  }
};

const ofDatabase = (iteration: Branch, answers: Answers, database: string): Flow =>
  chosenFlow(iteration, answers, [database]).map((part) =>
    'name' in part ? { ...part, name: `${part.name}.${database}` } : part,
  );

/** A branch that is nothing but flows side by side adds them to its siblings; one without a step is none. */
const sideBySide = (flows: readonly Flow[]): Flow => {
  const known = flows.flatMap((flow): readonly Flow[] => {
    const [only] = flow;
    return flow.length === 1 && only && !('name' in only) ? only : [flow];
  });
  const filled = known.filter((flow) => flow.length > 0);
  return filled.length > 1 ? [filled] : (filled[0] ?? []);
};

/** `PGMigrate` of `PGMigrate-before`: what follows the hyphen says in which mode, and here there is one only. */
const wordOf = (name: string): string => name.replace(/-.*$/, '');

const nextOf = (state: State<string>, answers: Answers): string | undefined => {
  if (state.Type === 'Choice') return state.Choices.find((rule) => holds(rule, answers))?.Next ?? state.Default;
  return 'Next' in state ? state.Next : undefined;
};

const holds = (rule: Rule, answers: Answers): boolean => {
  const { Variable = '', StringEquals, BooleanEquals, IsPresent, And, Or, Not } = rule;
  const answer = answers[Variable];
  if (StringEquals !== undefined) return answer === StringEquals;
  if (BooleanEquals !== undefined) return (answer ?? false) === BooleanEquals;
  if (IsPresent !== undefined) return (answer !== undefined) === IsPresent;
  if (And) return And.every((each) => holds(each, answers));
  if (Or) return Or.some((each) => holds(each, answers));
  return Not !== undefined && !holds(Not, answers);
};
