import { parseArgs } from 'node:util';
import { nearest } from '../functions/domain/configuration/nearest.ts';

export interface OptionSpec {
  /** What stands for its value in the help; an option without one is a switch. */
  readonly value?: string;
  /** It may be given several times, and each time counts: its values stand in `lists`. */
  readonly repeats?: true;
  readonly says: string;
}

export interface Syntax {
  readonly name: string;
  readonly says: string;
  /** In order; those that may be left out come last and stand in brackets: `[STACK]`; `[FILE...]` takes all the rest. */
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec>>;
}

export interface Arguments {
  readonly operands: readonly string[];
  readonly switches: ReadonlySet<string>;
  /** Of an option that was given twice the last. */
  readonly values: Readonly<Record<string, string>>;
  /** Every value of the options that repeat, in order; left out when there is none. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
}

export type Parsed =
  | { readonly kind: 'run'; readonly name: string; readonly given: Arguments }
  | { readonly kind: 'help'; readonly name?: string }
  | { readonly kind: 'wrong'; readonly message: string; readonly name?: string };

/** The words after `slipway` as a command with its operands and options, or what is wrong with them. */
export const parseArguments = (words: readonly string[], commands: readonly Syntax[]): Parsed => {
  const [first, ...rest] = words;
  if (first === undefined) return { kind: 'wrong', message: 'A command is missing.' };
  if (isHelp(first) || first === 'help') return { kind: 'help', ...(known(rest[0], commands) && { name: rest[0] }) };
  const syntax = known(first, commands);
  if (!syntax) {
    const names = commands.map(({ name }) => name);
    return { kind: 'wrong', message: `There is no command ${first}${advice(first, names)}` };
  }
  const { name } = syntax;
  if (rest.some(isHelp)) return { kind: 'help', name };
  const read = readWords(rest, syntax);
  return typeof read === 'string' ? { kind: 'wrong', message: read, name } : { kind: 'run', name, given: read };
};

const known = (name: string | undefined, commands: readonly Syntax[]) =>
  commands.find((command) => command.name === name);

const isHelp = (word: string) => word === '--help' || word === '-h';

const advice = (word: string, words: readonly string[], prefix = ''): string => {
  const close = nearest(word, words);
  return close === undefined ? '.' : `; did you mean ${prefix}${close}?`;
};

const readWords = (words: readonly string[], syntax: Syntax): Arguments | string => {
  const options = Object.entries(syntax.options).map(
    ([option, { value }]) => [option, { type: value ? 'string' : 'boolean' }] as const,
  );
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(options),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const operands: string[] = [];
  const switches = new Set<string>();
  const values: Record<string, string> = {};
  const lists: Record<string, readonly string[]> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const wrong = wrongOption(token, syntax);
    if (wrong) return wrong;
    if (token.value === undefined) switches.add(token.name);
    else if (syntax.options[token.name]?.repeats) lists[token.name] = [...(lists[token.name] ?? []), token.value];
    else values[token.name] = token.value;
  }
  const repeated = Object.keys(lists).length > 0 && { lists };
  return wrongOperands(operands, syntax) ?? { operands, switches, values, ...repeated };
};

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

const wrongOption = ({ name, rawName, value, inlineValue }: OptionToken, syntax: Syntax): string | undefined => {
  const spec = Object.hasOwn(syntax.options, name) ? syntax.options[name] : undefined;
  const names = [...Object.keys(syntax.options), 'help'];
  if (!spec) return `slipway ${syntax.name} has no option ${rawName}${advice(name, names, '--')}`;
  const isSwallowed = !inlineValue && value?.startsWith('-') === true;
  if (spec.value && (!value || isSwallowed)) return `${rawName} needs a value: ${rawName} ${spec.value}.`;
  return !spec.value && value !== undefined ? `${rawName} takes no value, found "${value}".` : undefined;
};

const wrongOperands = (given: readonly string[], { name, operands }: Syntax): string | undefined => {
  const missing = operands.slice(given.length).find((operand) => !operand.startsWith('['));
  if (missing) return `slipway ${name} needs ${missing}.`;
  const surplus = operands.at(-1)?.endsWith('...]') ? undefined : given[operands.length];
  return surplus === undefined ? undefined : `slipway ${name} cannot take "${surplus}": it is one word too many.`;
};
