import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cut, liveRegion } from '../../bin/live-region.ts';

const ESCAPE = '\u001B';

/** A terminal as far as a live region needs one: lines, cursor up, clear to the end. */
const terminal = (rows = 24, columns = 80) => {
  let lines: string[] = [''];
  let row = 0;
  const put = (text: string) => {
    for (const [index, part] of text.replaceAll('\r', '').split('\n').entries()) {
      if (index > 0) row += 1;
      lines[row] = `${lines[row] ?? ''}${part}`;
    }
  };
  const obey = (sequence: string) => {
    const [all, count = '', order = ''] = /^\[(\d+)([AJ])/.exec(sequence) ?? [''];
    if (order === 'A') row -= Number(count);
    if (order === 'J') lines = [...lines.slice(0, row), ''];
    put(sequence.slice(all.length));
  };
  const write = (output: string) => {
    const [text = '', ...sequences] = output.split(ESCAPE);
    put(text);
    sequences.forEach(obey);
  };
  return { screen: { write, rows: () => rows, columns: () => columns }, lines: () => lines.slice(0, -1) };
};

describe('A live region', () => {
  test('is drawn again in place', () => {
    const { screen, lines } = terminal();
    const region = liveRegion(screen);
    region.show(['one', 'two']);
    region.show(['one', 'two and a half', 'three']);
    expect(lines()).toEqual(['one', 'two and a half', 'three']);
    region.show(['one']);
    expect(lines()).toEqual(['one']);
  });

  test('stays below what is printed for good', () => {
    const { screen, lines } = terminal();
    const region = liveRegion(screen);
    region.show(['running']);
    region.print(['said']);
    region.show(['still running']);
    region.print(['said more']);
    expect(lines()).toEqual(['said', 'said more', 'still running']);
  });

  test('never is higher than the screen: its first line and its newest are kept', () => {
    const { screen, lines } = terminal(5);
    liveRegion(screen).show(['', 'first', 'a', 'b', 'c', 'd']);
    expect(lines()).toEqual(['first', 'c', 'd']);
  });

  test('never is wider than the screen, or a line would wrap', () => {
    const { screen, lines } = terminal(24, 10);
    liveRegion(screen).show(['12345678901234567890']);
    expect(lines()).toEqual(['12345678…']);
  });
});

describe('Cutting a line', () => {
  test('leaves one that fits as it is', () => {
    expect(cut('\u001B[1mabc\u001B[22m', 3)).toBe('\u001B[1mabc\u001B[22m');
  });

  test('keeps every colour, so that none stays switched on', () => {
    expect(cut('\u001B[31mabcdef\u001B[39mghi', 4)).toBe('\u001B[31mabc…\u001B[39m');
  });

  test('always fits, and begins like the line', () => {
    const text = fc.string().map((any) => any.replaceAll(ESCAPE, ''));
    const piece = fc.oneof(text, fc.constantFrom('\u001B[1m', '\u001B[22m', '\u001B[31m'));
    fc.assert(
      fc.property(fc.array(piece), fc.integer({ min: 1, max: 30 }), (pieces, columns) => {
        const line = pieces.join('');
        const seen = stripVTControlCharacters(cut(line, columns));
        const whole = stripVTControlCharacters(line);
        expect(seen.length).toBeLessThanOrEqual(columns);
        expect(whole.startsWith(seen.replace(/…$/, ''))).toBe(true);
        if (whole.length <= columns) expect(seen).toBe(whole);
      }),
    );
  });
});
