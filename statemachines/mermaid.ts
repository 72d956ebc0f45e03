import type { Branch, ChoiceState, Machine, Rule, State } from './define.ts';

export interface Look {
  /** States that are left out, with every arrow that leads to them. */
  readonly without?: (name: string) => boolean;
}

/**
 * A machine as a mermaid flowchart: Parallel and Map as frames around their branches, a waiting task with round ends,
 * the way of a Catch dotted.
 */
export const mermaid = (machine: Machine, { without = () => false }: Look = {}): string =>
  ['flowchart TD', ...branch(machine, without).map((line) => `  ${line}`)].join('\n');

type Without = NonNullable<Look['without']>;

const branch = ({ States }: Pick<Branch, 'States'>, without: Without): readonly string[] => {
  const states = Object.entries<State<string>>(States).filter(([name]) => !without(name));
  return [
    ...states.flatMap(([name, state]) => node(name, state, without)),
    ...states.flatMap(([name, state]) => arrows(state, without).map((arrow) => `${idOf(name)} ${arrow}`)),
  ];
};

const node = (name: string, state: State<string>, without: Without): readonly string[] => {
  switch (state.Type) {
    case 'Parallel':
      return frame(
        name,
        name,
        state.Branches.flatMap((each) => branch(each, without)),
      );
    case 'Map':
      return frame(name, `${name}: each of ${lastOf(state.ItemsPath)}`, branch(state.ItemProcessor, without));
    case 'Task':
      return [state.Resource.endsWith('.waitForTaskToken') ? shape(name, '([', '])') : shape(name, '[', ']')];
    case 'Choice':
      return [shape(name, '{', '}')];
    case 'Wait':
      return [shape(name, '[/', '/]')];
    case 'Succeed':
    case 'Fail':
      return [shape(name, '(((', ')))')];
    case 'Pass':
      return [shape(name, '[', ']')];
  }
};

const frame = (name: string, title: string, inside: readonly string[]): readonly string[] => [
  `subgraph ${idOf(name)}["${title}"]`,
  ...inside.map((line) => `  ${line}`),
  'end',
];

const shape = (name: string, open: string, close: string): string => `${idOf(name)}${open}"${name}"${close}`;

/** A hyphen would read as the beginning of an arrow. */
const idOf = (name: string): string => name.replaceAll('-', '_');

const arrows = (state: State<string>, without: Without): readonly string[] => {
  const ways = state.Type === 'Choice' ? choices(state) : [...onward(state), ...caught(state)];
  const drawn = ways.filter(({ to }) => !without(to));
  // A question with one answer left is none.
  return drawn.map(({ to, arrow }) => `${drawn.length === 1 && state.Type === 'Choice' ? '-->' : arrow} ${idOf(to)}`);
};

interface Way {
  readonly to: string;
  readonly arrow: string;
}

const choices = ({ Choices, Default }: ChoiceState<string>): readonly Way[] => [
  ...Choices.map((rule) => ({ to: rule.Next, arrow: `-->|${condition(rule)}|` })),
  { to: Default, arrow: '-->|else|' },
];

/** What a rule says, as briefly as a picture needs it: the value, or the name of what is true. */
const condition = (rule: Rule): string => {
  const { Variable = '', StringEquals, BooleanEquals } = rule;
  if (StringEquals !== undefined) return StringEquals;
  if (BooleanEquals !== undefined) return BooleanEquals ? lastOf(Variable) : `not ${lastOf(Variable)}`;
  if (rule.And)
    return rule.And.filter((each) => !isPresupposed(each, rule.And))
      .map(condition)
      .join(' and ');
  if (rule.Or) return rule.Or.map(condition).join(' or ');
  if (rule.Not) return `not ${condition(rule.Not)}`;
  return rule.IsPresent === false ? `no ${lastOf(Variable)}` : `has ${lastOf(Variable)}`;
};

/** Whether another rule says more of what this one only wants to be there. */
const isPresupposed = ({ IsPresent, Variable }: Rule, all: readonly Rule[] = []): boolean =>
  IsPresent === true && all.some((other) => other.Variable === Variable && other.IsPresent === undefined);

const onward = (state: State<string>): readonly Way[] => ('Next' in state ? [{ to: state.Next, arrow: '-->' }] : []);

const caught = (state: State<string>): readonly Way[] =>
  'Catch' in state ? (state.Catch ?? []).map(({ Next }) => ({ to: Next, arrow: '-.->' })) : [];

const lastOf = (path: string): string => path.split('.').at(-1) ?? path;
