import { stripVTControlCharacters } from 'node:util';
import type { Screen } from './output.ts';

/** Lines at the bottom of a terminal that are drawn again in place; what is printed goes above them for good. */
export interface LiveRegion {
  show(lines: readonly string[]): void;
  print(lines: readonly string[]): void;
}

const COLOUR = '\u001B[';
const CLEAR_BELOW = '\u001B[0J';

/** The cursor waits below the lines; above them a row stays, for terminals that scroll back what is cleared from the top. */
const MARGIN = 2;

/** A line is cut at the edge of the screen: one that wrapped would be two, and the next drawing would miss one. */
export const liveRegion = (screen: Screen): LiveRegion => {
  let drawn: readonly string[] = [];
  const draw = (printed: readonly string[], lines: readonly string[]) => {
    const fitting = fittingRows(lines, screen.rows() - MARGIN).map((line) => cut(line, screen.columns() - 1));
    const up = drawn.length > 0 ? `\r\u001B[${drawn.length}A` : '\r';
    drawn = fitting;
    screen.write(`${up}${CLEAR_BELOW}${[...printed, ...fitting].map((line) => `${line}\n`).join('')}`);
  };
  return {
    show: (lines) => draw([], lines),
    print: (lines) => draw(lines, drawn),
  };
};

/** Too many for the screen: the newest rows matter most, the first with a text says what it is about. */
const fittingRows = (lines: readonly string[], rows: number): readonly string[] => {
  if (lines.length <= rows) return lines;
  const [first = ''] = lines.filter((line) => line !== '');
  return [first, ...lines.slice(lines.length - rows + 1)];
};

/** Cuts what is seen; colours count nothing, and all of them are kept, so that none stays switched on. */
export const cut = (line: string, columns: number): string => {
  if (stripVTControlCharacters(line).length <= columns) return line;
  let room = columns - 1;
  const [first = '', ...coloured] = line.split(COLOUR);
  const fitting = (text: string) => {
    const kept = text.slice(0, Math.max(room, 0));
    const isCut = room >= 0 && text.length > room;
    room -= isCut ? room + 1 : text.length;
    return isCut ? `${kept}…` : kept;
  };
  return coloured.reduce((cutSoFar, part) => {
    const end = part.indexOf('m') + 1;
    return `${cutSoFar}${COLOUR}${part.slice(0, end)}${fitting(part.slice(end))}`;
  }, fitting(first));
};
