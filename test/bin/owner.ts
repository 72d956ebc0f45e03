import type { Command } from '../../bin/command.ts';
import { plain } from '../../bin/view/paint.ts';

export interface Answered {
  /** The exit code; undefined when the command complained. */
  readonly code: number | undefined;
  readonly out: readonly string[];
  /** Warnings, errors, or what it complained of. */
  readonly aside: readonly string[];
}

/** Runs a command as an owner would type it, without a terminal. */
export const owner =
  (directory: string) =>
  async (
    command: Command,
    operands: readonly string[],
    values: Readonly<Record<string, string>> = {},
    switches: readonly string[] = [],
  ): Promise<Answered> => {
    const out: string[] = [];
    const aside: string[] = [];
    const output = {
      line: (text: string) => out.push(text),
      aside: (text: string) => aside.push(text),
      paint: plain,
      screen: undefined,
    };
    const given = { operands, values: { directory, ...values }, switches: new Set(switches) };
    const code = await command.run(given, output).catch((error: Error) => {
      aside.push(error.message);
      return undefined;
    });
    return { code, out, aside };
  };
