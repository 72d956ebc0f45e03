import { keyPath } from '../../functions/domain/configuration/finding.ts';
import { nearest } from '../../functions/domain/configuration/nearest.ts';
import { checkStages } from './check-stages.ts';
import type { Stage, StageEntry } from './stage.ts';
import { stages } from './stages.ts';

/**
 * The stage of that name, with its defaults.
 * @throws Error that lists the known stages, or everything that is wrong in the file
 */
export const getStage = (name: string, entries: Readonly<Record<string, StageEntry>> = stages): Stage => {
  const checked = checkStages(entries);
  if (checked.kind === 'invalid') throw new Error([...checked.findings.map(told), NOTHING_DONE].join('\n'));
  const stage = checked.stages.get(name);
  if (stage) return stage;
  const names = [...checked.stages.keys()];
  const close = nearest(name, names);
  throw new Error(
    `There is no stage "${name}" in ${FILE}${close === undefined ? '.' : `; did you mean ${close}?`} Known: ${names.join(', ')}.`,
  );
};

const FILE = 'infra/aws/stages.ts';
const NOTHING_DONE = `Nothing was done; correct ${FILE} and try again.`;

type Finding = Extract<ReturnType<typeof checkStages>, { kind: 'invalid' }>['findings'][number];

const told = ({ keys, message, nearest: close }: Finding): string =>
  `${FILE} ${keyPath(keys)}: ${message}${close === undefined ? '' : ` (did you mean "${close}"?)`}`;
