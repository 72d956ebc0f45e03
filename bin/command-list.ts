import type { Command } from './command.ts';
import { apply } from './commands/apply.ts';
import { approve } from './commands/approve.ts';
import { deploy } from './commands/deploy.ts';
import { diff } from './commands/diff.ts';
import { doctor } from './commands/doctor.ts';
import { local } from './commands/local.ts';
import { plan } from './commands/plan.ts';
import { refuse } from './commands/refuse.ts';
import { resume } from './commands/resume.ts';
import { setup } from './commands/setup.ts';
import { status } from './commands/status.ts';
import { template } from './commands/template.ts';
import { terminate } from './commands/terminate.ts';
import { validate } from './commands/validate.ts';

/** Every word of the command line, as the help lists them. */
export const commands: readonly Command[] = [
  local,
  setup,
  validate,
  template,
  diff,
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
