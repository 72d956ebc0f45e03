import { styleText } from 'node:util';
import type { Paint, Style } from './view/paint.ts';

/** Where a command says what it has to say. */
export interface Output {
  readonly line: (text: string) => void;
  /** Beside the result: progress, warnings. */
  readonly aside: (text: string) => void;
  readonly paint: Paint;
  /** Undefined where nothing can be redrawn: a pipe, a file, a dumb terminal. */
  readonly screen: Screen | undefined;
}

export interface Screen {
  readonly write: (text: string) => void;
  readonly columns: () => number;
  readonly rows: () => number;
}

/** Standard output and standard error. Colours come with a terminal only, and NO_COLOR takes them away. */
export const processOutput = (): Output => {
  const { stdout, stderr, env } = process;
  const isScreen = stdout.isTTY && env['TERM'] !== 'dumb';
  return {
    line: (text) => stdout.write(`${text}\n`),
    aside: (text) => stderr.write(`${text}\n`),
    paint: (style, text) => styleText(looks[style], text, { stream: stdout }),
    screen: isScreen
      ? {
          write: (text) => stdout.write(text),
          columns: () => stdout.columns || 80,
          rows: () => stdout.rows || 24,
        }
      : undefined,
  };
};

const looks: Readonly<Record<Style, Parameters<typeof styleText>[0]>> = {
  strong: 'bold',
  dim: 'dim',
  good: 'green',
  bad: 'red',
  warn: 'yellow',
  link: ['underline', 'cyan'],
};
