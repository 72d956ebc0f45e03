import { afterEach } from '@jest/globals';
import { type EcsWorld, ecsWorld } from './ecs-world.ts';

/** Opens worlds for the tests of one file; each is closed after the test that opened it. */
export const ecsWorlds = () => {
  const open: EcsWorld[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  return async (...given: Parameters<typeof ecsWorld>): Promise<EcsWorld> => {
    const made = await ecsWorld(...given);
    open.push(made);
    return made;
  };
};
