import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { getStage } from '../../infra/aws/get-stage.ts';
import type { Stage, StageEntry } from '../../infra/aws/stage.ts';
import { stages } from '../../infra/aws/stages.ts';
import { ROOT } from '../local/synthesise.ts';
import { messageOf } from '../message-of.ts';

export type CdkCall =
  | {
      readonly kind: 'call';
      readonly verb: Verb;
      readonly stage: Stage;
      /** What CDK's command line is told. */
      readonly words: readonly string[];
      /** Folder of the templates: one that was made before, where `--app` names it. */
      readonly assembly: string;
    }
  | { readonly kind: 'wrong'; readonly message: string };

/** Each with the words that make it mean the whole stage. */
const verbs = { synth: ['--quiet'], diff: [], deploy: ['--all'], destroy: ['--all', '--force'] } as const;

type Verb = keyof typeof verbs;

/**
 * The call of CDK that `npm run {verb} -- {words}` means: the stage is taken out of the words, or out of SLIPWAY_STAGE, and
 * everything else goes through as it is.
 */
export const cdkCallFrom = (
  [verb, ...words]: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  entries: Readonly<Record<string, StageEntry>> = stages,
): CdkCall => {
  if (!isVerb(verb)) return wrong(`Expected one of ${Object.keys(verbs).join(', ')}, found ${verb ?? 'nothing'}.`);
  const { own, others, assembly } = ownOptions(words);
  // The templates of the embedded cloud may be looked at by anybody; what changes an account must be meant.
  const name = own.stage ?? environment['SLIPWAY_STAGE'] ?? (verb === 'synth' ? 'example' : '');
  if (name === '') return wrong(whichStage(verb, entries));
  try {
    const stage = getStage(name, entries);
    if (verb === 'destroy' && namesStacks(others)) return wrong(wholeOnly(name));
    if (verb === 'destroy' && own.confirm !== name) return wrong(unconfirmed(name, stage));
    const all = [verb, '--context', `stage=${name}`, ...whole(verb, others), ...others];
    return { kind: 'call', verb, stage, words: all, assembly: resolve(ROOT, assembly) };
  } catch (error) {
    return wrong(messageOf(error));
  }
};

const isVerb = (word: string | undefined): word is Verb => word !== undefined && Object.hasOwn(verbs, word);

const wrong = (message: string): CdkCall => ({ kind: 'wrong', message });

interface Own {
  readonly stage?: string;
  readonly confirm?: string;
}

interface Words {
  readonly own: Own;
  /** For CDK. */
  readonly others: readonly string[];
  /** Where CDK writes the templates, or finds those that were made before. */
  readonly assembly: string;
}

const ownOptions = (words: readonly string[]): Words => {
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(['stage', 'confirm', 'app', 'output'].map((name) => [name, { type: 'string' }])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const options = tokens.filter((token) => token.kind === 'option');
  const found = options.filter(({ name }) => name === 'stage' || name === 'confirm');
  const taken = new Set(found.flatMap(({ index, inlineValue }) => (inlineValue ? [index] : [index, index + 1])));
  const given = (option: string) => options.find(({ name }) => name === option)?.value;
  return {
    own: Object.fromEntries(found.map(({ name, value }) => [name, value ?? ''])),
    others: words.filter((_, index) => !taken.has(index)),
    assembly: given('app') ?? given('output') ?? 'cdk.out',
  };
};

/** Who names stacks means just those: CDK takes either names or all. */
const whole = (verb: Verb, others: readonly string[]): readonly string[] =>
  verbs[verb].filter((word) => word !== '--all' || !namesStacks(others));

const namesStacks = (words: readonly string[]): boolean => words.some((word) => word.startsWith('slipway'));

const wholeOnly = (name: string): string =>
  `npm run destroy deletes a whole stage, documents included. Nothing was done; one stack alone is deleted by npx cdk destroy STACK -c stage=${name}.`;

const whichStage = (verb: Verb, entries: object): string =>
  `Which stage? Say npm run ${verb} -- --stage NAME, or set SLIPWAY_STAGE; known in infra/aws/stages.ts: ${Object.keys(entries).join(', ')}. Nothing was done.`;

const unconfirmed = (name: string, { retain, clusters, account, region }: Stage): string =>
  [
    `This would delete the control plane of ${name} in account ${account}, ${region}, and what it made for ${clusters.length} ${clusters.length === 1 ? 'cluster' : 'clusters'}: nothing is deployed any more.`,
    retain
      ? `Its tables and documents would stay behind, because ${name} is to be retained.`
      : `Its tables, documents and secrets would be gone: ${name} is not retained.`,
    `Nothing was done; if you mean it, say npm run destroy -- --stage ${name} --confirm ${name}.`,
  ].join('\n');
