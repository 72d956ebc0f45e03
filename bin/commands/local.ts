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
    tour: { says: 'pushes eight releases, explains the plan of each, and counts what users lose meanwhile' },
    once: { says: 'ends after the first deployment, or after the tour: with 0 when all went as it should' },
    fresh: { says: 'forgets what an earlier run kept' },
    directory: { value: 'FOLDER', says: 'where everything is kept (.slipway)' },
  },
  run: ({ switches, values }, output) => {
    const directory = values['directory'] ? resolve(values['directory']) : join(ROOT, '.slipway');
    const [once, tour, fresh] = [switches.has('once'), switches.has('tour'), switches.has('fresh')];
    return runLocal({ directory, once, tour, fresh }, output);
  },
};
