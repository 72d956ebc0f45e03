import { type Parsed, parseArguments } from './arguments.ts';
import { commands } from './command-list.ts';
import { Complaint } from './complaint.ts';
import { helpFor, overview } from './help.ts';
import { processOutput } from './output.ts';

const output = processOutput();

const carryOut = async (parsed: Parsed): Promise<number> => {
  const command = commands.find(({ name }) => name === parsed.name);
  switch (parsed.kind) {
    case 'help':
      for (const line of command ? helpFor(command) : overview(commands)) output.line(line);
      return 0;
    case 'wrong':
      output.aside(parsed.message);
      output.aside(`Nothing was done. See slipway ${command ? `${command.name} ` : ''}--help.`);
      return 2;
    case 'run':
      return command ? command.run(parsed.given, output) : 2;
  }
};

const explained = (error: unknown): number => {
  const known = error instanceof Complaint;
  output.aside(known ? error.message : String(error instanceof Error ? error.stack : error));
  return commands.find(({ name }) => name === parsed.name)?.trouble ?? 1;
};

const parsed = parseArguments(process.argv.slice(2), commands);
process.exitCode = await carryOut(parsed).catch(explained);
