import type { OptionSpec, Syntax } from './arguments.ts';

/** What `slipway --help` says. */
export const overview = (commands: readonly Syntax[]): readonly string[] => [
  'slipway COMMAND: from a Git push to a safely running release',
  '',
  ...table(commands.map((command) => [usage(command), command.says])),
  '',
  'slipway COMMAND --help says more. Options of npm scripts follow two dashes: npm start -- --once.',
];

/** What `slipway COMMAND --help` says. */
export const helpFor = (command: Syntax): readonly string[] => {
  const options = Object.entries(command.options).map(([name, spec]) => [optionWords(name, spec), spec.says] as const);
  return [
    `slipway ${usage(command)}${options.length > 0 ? ' [options]' : ''}: ${command.says}`,
    ...(options.length > 0 ? ['', ...table(options)] : []),
  ];
};

/** `--application FILE...`: an option as it is written. */
export const optionWords = (name: string, { value, repeats }: OptionSpec): string =>
  `--${name}${value ? ` ${value}` : ''}${repeats ? '...' : ''}`;

const usage = ({ name, operands }: Syntax) => [name, ...operands].join(' ');

const table = (rows: readonly (readonly [string, string])[]): readonly string[] => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
};
