import { parseArguments } from '../../../bin/arguments.ts';
import type { Command } from '../../../bin/command.ts';
import { Complaint } from '../../../bin/complaint.ts';
import { plain } from '../../../bin/view/paint.ts';

export interface Ran {
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly aside: string;
}

/** A command in this very process, as the command line runs it. */
export const runHere = async (command: Command, words: readonly string[]): Promise<Ran> => {
  const parsed = parseArguments([command.name, ...words], [command]);
  if (parsed.kind !== 'run') throw new Error(`${words.join(' ')} does not run: ${JSON.stringify(parsed)}`);
  const [out, aside]: [string[], string[]] = [[], []];
  const output = {
    line: (text: string) => void out.push(text),
    aside: (text: string) => void aside.push(text),
    paint: plain,
    screen: undefined,
  };
  const code = await command.run(parsed.given, output).catch((error: unknown) => {
    if (!(error instanceof Complaint)) throw error;
    aside.push(error.message);
    return command.trouble ?? 1;
  });
  return { code, out: out.join('\n'), aside: aside.join('\n') };
};
