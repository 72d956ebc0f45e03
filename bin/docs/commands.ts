import type { Syntax } from '../arguments.ts';
import { optionWords } from '../help.ts';
import { code, table } from './markdown.ts';

/** Every command with its options, as the help of the command line tells them. */
export const commandReference = (commands: readonly Syntax[]): string =>
  commands
    .map((command) => [headingOf(command), `It ${command.says}.`, ...optionsOf(command)].join('\n\n'))
    .join('\n\n');

const headingOf = ({ name, operands }: Syntax): string => `### ${code([name, ...operands].join(' '))}`;

const optionsOf = ({ options }: Syntax): readonly string[] => {
  const rows = Object.entries(options).map(([name, spec]) => [code(optionWords(name, spec)), spec.says]);
  return rows.length === 0 ? [] : [table(['option', 'what it says'], rows)];
};
