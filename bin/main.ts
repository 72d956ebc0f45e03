import { type Parsed, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { apply } from './commands/apply.ts';
import { approve } from './commands/approve.ts';
import { deploy } from './commands/deploy.ts';
import { doctor } from './commands/doctor.ts';
import { local } from './commands/local.ts';
import { plan } from './commands/plan.ts';
import { refuse } from './commands/refuse.ts';
import { resume } from './commands/resume.ts';
import { setup } from './commands/setup.ts';
import { status } from './commands/status.ts';
import { terminate } from './commands/terminate.ts';
import { Complaint } from './complaint.ts';
import { helpFor, overview } from './help.ts';
import { processOutput } from './output.ts';

const commands: readonly Command[] = [
  local,
  setup,
  apply,
  plan,
  deploy,
  status,
  resume,
  approve,
  refuse,
  terminate,
  doctor,
];
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
  return 1;
};

process.exitCode = await carryOut(parseArguments(process.argv.slice(2), commands)).catch(explained);
