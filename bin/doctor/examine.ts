import { messageOf } from '../message-of.ts';
import type { Output } from '../output.ts';
import type { Style } from '../view/paint.ts';
import { type Check, type Diagnosis, unknown } from './diagnosis.ts';

/** Looks at everything at once, says each result as it comes, and gives how many things are missing. */
export const examine = async (checks: readonly Check[], output: Output): Promise<number> => {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const found = await Promise.all(
    checks.map(async ({ name, run }) => {
      const diagnosis = await run().catch(notLooked);
      for (const line of linesOf(name.padEnd(width), diagnosis, output)) output.line(line);
      return diagnosis;
    }),
  );
  const count = found.filter(({ kind }) => kind === 'missing').length;
  const open = found.filter(({ kind }) => kind === 'unknown').length;
  output.line(summary(count, open));
  return count;
};

const notLooked = (error: unknown): Diagnosis =>
  unknown(`It could not be looked at: ${messageOf(error)}`, 'Put that right, and look again');

const marks: Readonly<Record<Diagnosis['kind'], readonly [Style, string]>> = {
  ok: ['good', '✔'],
  missing: ['bad', '✘'],
  unknown: ['warn', '?'],
};

const linesOf = (name: string, diagnosis: Diagnosis, { paint }: Output): readonly string[] => {
  const [style, mark] = marks[diagnosis.kind];
  const first = `${paint(style, mark)} ${paint('strong', name)}  ${diagnosis.what}`;
  return diagnosis.kind === 'ok' ? [first] : [first, `  ${' '.repeat(name.length)}  → ${diagnosis.remedy}`];
};

const summary = (count: number, open: number): string => {
  const later = open === 0 ? '' : ` ${open} could not be looked at yet.`;
  if (count === 0) return `Nothing is missing.${later}`;
  return `${count === 1 ? 'One thing is' : `${count} things are`} missing.${later}`;
};
