import { join, resolve } from 'node:path';
import type { Command } from '../command.ts';
import { runLocal } from '../local/run-local.ts';
import { ROOT } from '../local/synthesise.ts';

/** What `npm start` runs. */
export const local: Command = {
  name: 'local',
  says: 'runs Slipway and an example on this machine alone, and shows every deployment',
  operands: [],
  options: {
    once: { says: 'ends after the first deployment: with 0 when it is DONE' },
    fresh: { says: 'forgets what an earlier run kept' },
    directory: { value: 'FOLDER', says: 'where everything is kept (.slipway)' },
  },
  run: ({ switches, values }, output) => {
    const directory = values['directory'] ? resolve(values['directory']) : join(ROOT, '.slipway');
    return runLocal({ directory, once: switches.has('once'), fresh: switches.has('fresh') }, output);
  },
};
