import type { Mode } from '../../functions/domain/plan/plan.ts';
import type { ProbeFigures } from '../local/probe-figures.ts';
import { duration } from './duration.ts';
import type { Paint, Style } from './paint.ts';

/** One release, and what the service's users saw from its push to the next. */
export interface LossRow {
  readonly release: string;
  /** Undefined when it ended without a plan. */
  readonly mode: Mode | undefined;
  readonly failed: boolean;
  readonly predictedSeconds: number;
  readonly basis: 'measured' | 'table';
  readonly figures: ProbeFigures;
}

/** What users may lose: nothing, but in a downtime. */
export const isKept = ({ mode, figures }: LossRow): boolean => mode === 'DOWNTIME' || figures.failed === 0;

const HEAD = ['release', 'mode', 'requests', 'failed', 'longest gap', 'predicted', 'measured'] as const;
/** Words stand on the left, numbers on the right. */
const WORDS = 2;

/** A heading, the rows, and what they show; 79 columns wide with the names of the example. */
export const lossTable = (rows: readonly LossRow[], betweenMillis: number, paint: Paint): readonly string[] => {
  const cells = rows.map(cellsOf);
  const widths = HEAD.map((head, column) => Math.max(head.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, column) => aligned(cell, widths[column] ?? 0, column))
      .join('  ')
      .trimEnd();
  return [
    '',
    paint('strong', 'What the users of the shop saw, from each push to the next'),
    '',
    paint('strong', lineOf(HEAD)),
    ...rows.map((row, index) => painted(row, lineOf(cells[index] ?? []), paint)),
    '',
    `Requests go out every ${betweenMillis} ms, on connections of their own. A gap lies between two good answers.`,
    'Cloud, shop and users share this machine, so some gap is always there.',
    ...rows.filter(({ failed }) => failed).map(failedLine),
    ...rows.filter(({ mode }) => mode === 'DOWNTIME').flatMap(outageLines),
    ...verdict(rows, paint),
  ];
};

const cellsOf = ({ release, mode, failed, predictedSeconds, figures }: LossRow): readonly string[] => [
  release,
  `${mode ?? 'none'}${failed ? ' ✘' : ''}`,
  String(figures.requests),
  String(figures.failed),
  `${Math.round(figures.longestGapMillis)} ms`,
  ...(mode === 'DOWNTIME' ? [`${predictedSeconds} s`, `${(figures.longestGapMillis / 1000).toFixed(1)} s`] : []),
];

const aligned = (cell: string, width: number, column: number) =>
  column < WORDS ? cell.padEnd(width) : cell.padStart(width);

const painted = (row: LossRow, line: string, paint: Paint): string => {
  const style = styleOf(row);
  return style ? paint(style, line) : line;
};

const styleOf = (row: LossRow): Style | undefined => {
  if (!isKept(row)) return 'bad';
  return row.figures.failed > 0 ? 'warn' : undefined;
};

const failedLine = ({ release }: LossRow): string => `✘ ${release} ended FAILED; what ran before it went on serving.`;

const outageLines = ({ release, predictedSeconds, basis, figures }: LossRow): readonly string[] => [
  `${release}: predicted ${predictedSeconds} s of outage, measured ${duration(figures.longestGapMillis)}; ${failuresOf(figures)}.`,
  ...(basis === 'table'
    ? ['The prediction is for tasks on AWS; here a task is a process and starts in a moment.']
    : []),
];

const failuresOf = ({ failures }: ProbeFigures): string =>
  Object.entries(failures)
    .map(([what, count]) => `${count} requests got ${what}`)
    .join(', ') || 'no request failed';

const verdict = (rows: readonly LossRow[], paint: Paint): readonly string[] => {
  const lost = rows.filter((row) => !isKept(row));
  if (lost.length === 0) return ['', `${paint('good', '✔')} Outside the DOWNTIME no request was lost.`];
  return [
    '',
    ...lost.map(
      (row) =>
        `${paint('bad', '✘')} ${row.release} lost requests in mode ${row.mode ?? 'none'}: ${failuresOf(row.figures)}.`,
    ),
  ];
};
