import { posix } from 'node:path';
import { type Instruction, instructionsOf } from './dockerfile-instructions.ts';
import { shellWord, shellWords } from './shell-words.ts';

/** What the last stage of a Dockerfile says about running its image. */
export interface Dockerfile {
  /** The first WORKDIR: the place that the build context is copied to. `/` when there is none. */
  readonly root: string;
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly ports: readonly number[];
  readonly stopSignal: string;
}

interface Stage extends Dockerfile {
  readonly defaults: Readonly<Record<string, string>>;
  readonly shell: readonly string[];
  readonly hasRoot: boolean;
  /** An ENTRYPOINT takes away the CMD of the base image, but not one of its own stage. */
  readonly hasOwnCommand: boolean;
}

interface Context {
  readonly escaping: string;
  readonly globals: Readonly<Record<string, string>>;
}

/** Reads a Dockerfile as far as it matters for running it from a checkout. @throws Error naming the line at fault */
export const dockerfileFrom = (text: string): Dockerfile => {
  const { instructions, escaping } = instructionsOf(text);
  const globals: Record<string, string> = {};
  const named = new Map<string, Stage>();
  let stage: Stage | undefined;
  let name: string | undefined;
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') {
      const from = fromOf(instruction, globals);
      stage = based(named.get(from.base.toLowerCase()));
      name = from.name?.toLowerCase();
    } else if (stage) stage = applied(stage, instruction, { escaping, globals });
    else if (instruction.name === 'ARG') Object.assign(globals, defaultsOf(instruction.text, globals, globals));
    else throw new Error(`Dockerfile line ${instruction.line}: ${instruction.name} stands before the first FROM`);
    if (stage && name) named.set(name, stage);
  }
  if (!stage) throw new Error('the Dockerfile has no FROM: no stage to run');
  return stage;
};

const EMPTY: Stage = {
  root: '/',
  workingDirectory: '/',
  environment: {},
  entryPoint: [],
  command: [],
  ports: [],
  stopSignal: 'SIGTERM',
  defaults: {},
  shell: ['/bin/sh', '-c'],
  hasRoot: false,
  hasOwnCommand: false,
};

const based = (base: Stage = EMPTY): Stage => ({ ...base, defaults: {}, hasOwnCommand: false });

const fromOf = ({ text }: Instruction, globals: Readonly<Record<string, string>>) => {
  const [base = '', as, name] = shellWords(text, globals).filter((word) => !word.startsWith('--'));
  return { base, name: as?.toLowerCase() === 'as' ? name : undefined };
};

/** An ENV overrules an ARG of the same name. */
const applied = (stage: Stage, { name, text }: Instruction, { escaping, globals }: Context): Stage => {
  const variables = { ...stage.defaults, ...stage.environment };
  switch (name) {
    case 'ARG':
      return { ...stage, defaults: { ...stage.defaults, ...defaultsOf(text, variables, globals) } };
    case 'ENV':
      return { ...stage, environment: { ...stage.environment, ...environmentOf(text, variables, escaping) } };
    case 'WORKDIR':
      return movedTo(stage, shellWord(text, variables, escaping));
    case 'EXPOSE':
      return { ...stage, ports: [...stage.ports, ...portsOf(shellWords(text, variables, escaping))] };
    case 'SHELL':
      return { ...stage, shell: jsonWords(text) ?? stage.shell };
    case 'STOPSIGNAL':
      return { ...stage, stopSignal: signalOf(shellWord(text, variables, escaping)) };
    case 'CMD':
      return { ...stage, command: jsonWords(text) ?? [...stage.shell, text], hasOwnCommand: true };
    case 'ENTRYPOINT':
      return {
        ...stage,
        entryPoint: jsonWords(text) ?? [...stage.shell, text],
        command: stage.hasOwnCommand ? stage.command : [],
      };
    default:
      return stage;
  }
};

const movedTo = (stage: Stage, path: string): Stage => {
  const workingDirectory = posix.resolve(stage.workingDirectory, path);
  return { ...stage, workingDirectory, root: stage.hasRoot ? stage.root : workingDirectory, hasRoot: true };
};

/** `ARG a=1 b`: without a default of its own, `b` takes the one given before the first FROM. */
const defaultsOf = (
  text: string,
  variables: Readonly<Record<string, string>>,
  globals: Readonly<Record<string, string>>,
): Record<string, string> =>
  Object.fromEntries(
    shellWords(text, variables).map((word) => {
      const [name = '', value] = assignment(word);
      return [name, value ?? globals[name] ?? ''];
    }),
  );

/** `ENV a=1 b="2 3"`, or the old form `ENV a all the rest`. */
const environmentOf = (text: string, variables: Readonly<Record<string, string>>, escaping: string) => {
  const old = /^([^\s="']+)\s+([\s\S]*)$/.exec(text);
  if (old) return { [old[1] ?? '']: shellWord(old[2] ?? '', variables, escaping) };
  const pairs = shellWords(text, variables, escaping).map(assignment);
  return Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value]));
};

const assignment = (word: string): [name: string, value?: string] => {
  const at = word.indexOf('=');
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
};

const portsOf = (words: readonly string[]): number[] =>
  words.flatMap((word) => {
    const [first = 0, last = first] = (word.split('/')[0] ?? '').split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });

const signalOf = (word: string) => (/^\d+$/.test(word) || word.startsWith('SIG') ? word : `SIG${word}`);

/** The exec form; what is no JSON list of strings is the shell form, as Docker reads it. */
const jsonWords = (text: string): readonly string[] | undefined => {
  if (!text.startsWith('[')) return undefined;
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined;
  } catch {
    return undefined;
  }
};
