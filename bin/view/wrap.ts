import { stripVTControlCharacters } from 'node:util';

/** Breaks a line between words where it is wider than a screen; what follows hangs a little under its beginning. */
export const wrap = (line: string, columns: number): readonly string[] => {
  if (widthOf(line) <= columns) return [line];
  const [margin = ''] = /^ */.exec(stripVTControlCharacters(line)) ?? [];
  const hanging = `${margin}    `;
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/(?<=[^ ])(?= )/)) {
    if (current.trim() !== '' && widthOf(current) + widthOf(word) > columns) {
      lines.push(current);
      current = `${hanging}${word.trimStart()}`;
    } else current += word;
  }
  return [...lines, current];
};

const widthOf = (text: string) => stripVTControlCharacters(text).length;
