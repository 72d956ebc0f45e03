import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { stopLeftovers } from '../../../bin/local/leftovers.ts';
import { makeHome } from '../../../infra/local/ecs/task-files.ts';
import { makeVolumes } from '../../../infra/local/ecs/task-volumes.ts';
import { temporaryFolder } from '../../local/images/git-repository.ts';

test('what tasks of a killed run left goes with its state folder, also what lies elsewhere', async () => {
  const folder = temporaryFolder();
  try {
    const taskId = `${process.pid}`.padEnd(32, 'f');
    const home = makeHome(taskId, { directory: join(folder.path, 'ecs') });
    const mountPoints = [{ sourceVolume: 'sockets', containerPath: '/sockets' }];
    const translate = makeVolumes(taskId, { volumes: [{ name: 'sockets' }] }, {});
    const volume = translate({ name: 'main', image: 'shop', essential: true, mountPoints }, '/sockets');
    expect([home, volume].map(existsSync)).toEqual([true, true]);
    await stopLeftovers(folder.path);
    expect([home, volume].map(existsSync)).toEqual([false, false]);
  } finally {
    folder.remove();
  }
});
