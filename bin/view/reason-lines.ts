import type { Reason } from '../../functions/domain/reason.ts';
import type { Paint } from './paint.ts';

/** What happened, what state the world is in, what to do: the lines of a reason, log and all. */
export const reasonLines = (reason: Reason, left: readonly string[], paint: Paint): readonly string[] => {
  const [happened = reason.code, ...more] = reason.message.split('\n');
  const world = [...new Set([...(reason.left?.split('\n') ?? []), ...left])];
  return [
    ...labelled('What happened', [happened.replace(/:$/, '')], paint),
    ...more.map((line) => `    ${paint('dim', `| ${line}`)}`),
    ...labelled('State of the world', world, paint),
    ...labelled('What to do', reason.remedy ? [reason.remedy] : [], paint),
  ];
};

const labelled = (what: string, lines: readonly string[], paint: Paint): readonly string[] =>
  lines.map((line, index) => `  ${index === 0 ? label(what, paint) : ' '.repeat(WIDTH)}${line}`);

const WIDTH = 20;

/** The left column of what a failure has to say. */
export const label = (what: string, paint: Paint): string => paint('strong', `${what}:`.padEnd(WIDTH));
