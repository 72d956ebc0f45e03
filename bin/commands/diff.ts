import type { Command } from '../command.ts';
import { connectionOptions } from '../connection.ts';
import { sidesOf } from '../diff/sides.ts';
import { isSame, templateDiff } from '../diff/template-diff.ts';
import { diffLines } from '../view/diff-lines.ts';

/** Shows what one release would change in another. */
export const diff: Command = {
  name: 'diff',
  says: 'shows what a release would change: against another one, a template, or what is deployed',
  operands: [],
  trouble: 2,
  options: {
    application: { value: 'FILE', says: 'the application file of the release, or REVISION:PATH' },
    against: { value: 'FILE', says: 'the application file that it is held against, or REVISION:PATH' },
    running: { value: 'FILE', says: 'instead of --against: the CloudFormation template that runs' },
    environment: { value: 'NAME', says: 'the environment; by itself: against what Slipway last deployed there' },
    configuration: { value: 'FILE', repeats: true, says: 'a file that holds the environment or its cluster' },
    'against-configuration': { value: 'FILE', repeats: true, says: 'the same for --against (the same files)' },
    version: { value: 'VERSION', says: 'the commit or tag of the release; needed with --running' },
    'against-version': { value: 'VERSION', says: 'the same for --against (the same version)' },
    json: { says: 'the differences, whole, as JSON' },
    ...connectionOptions,
  },
  run: async (given, output) => {
    const { before, after } = await sidesOf(given);
    const found = templateDiff(before, after);
    if (given.switches.has('json')) output.line(JSON.stringify(found, undefined, 2));
    else if (isSame(found)) output.line('Nothing would change.');
    else for (const line of diffLines(found, output.paint)) output.line(line);
    return isSame(found) ? 0 : 1;
  },
};
