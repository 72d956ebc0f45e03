/** One measured figure; the limit is what the project has set itself, where it has. */
export interface Figure {
  readonly what: string;
  readonly value: number | undefined;
  readonly unit: 'bytes' | 'ms' | 's' | 'MB' | '$' | 'ratio' | '';
  readonly limit?: number;
  /** Why there is no value, or what it is made of. */
  readonly note?: string;
}

/** A table for a terminal: what, value, limit, and whether it holds. */
export const figureLines = (figures: readonly Figure[]): readonly string[] => {
  const rows = figures.map((figure) => [
    figure.what,
    told(figure.value, figure.unit),
    limit(figure),
    figure.note ?? '',
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(([what = '', value = '', most = '', note = '']) =>
    [what.padEnd(widths[0] ?? 0), value.padStart(widths[1] ?? 0), most.padEnd(widths[2] ?? 0), note]
      .join('  ')
      .trimEnd(),
  );
};

const told = (value: number | undefined, unit: Figure['unit']): string =>
  value === undefined ? '-' : `${rounded(value, unit)} ${unit === 'ratio' ? '' : unit}`.trimEnd();

const rounded = (value: number, unit: Figure['unit']): string => {
  if (unit === 'ratio') return value.toFixed(3);
  if (unit === '$') return value.toFixed(2);
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 100 ? 1 : 0);
};

const limit = ({ limit: most, value, unit }: Figure): string => {
  if (most === undefined) return '';
  const verdict = value === undefined ? 'not measured' : value <= most ? 'within' : 'OVER';
  return `limit ${told(most, unit)}: ${verdict}`;
};

/** The middle one of an odd number of values. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};
