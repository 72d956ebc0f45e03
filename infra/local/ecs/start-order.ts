import { setTimeout as delay } from 'node:timers/promises';
import type { ContainerProcess } from './container-process.ts';
import type { PreparedContainer } from './task-preparation.ts';

/** What runs of a task so far, and its end. */
interface Running {
  readonly processes: ReadonlyMap<string, Pick<ContainerProcess, 'ended' | 'heard'>>;
  readonly stopAsked: Promise<void>;
}

/** Waits for what `dependsOn` says; HEALTHY counts as START, because container health checks are not run here. */
export const unmetDependency = async (
  { processes, stopAsked }: Running,
  { definition }: PreparedContainer,
): Promise<string | undefined> => {
  for (const { containerName, condition } of definition.dependsOn ?? []) {
    if (condition !== 'COMPLETE' && condition !== 'SUCCESS') continue;
    const code = await Promise.race([processes.get(containerName)?.ended, stopAsked]);
    if (condition === 'SUCCESS' && typeof code === 'number' && code !== 0)
      return `dependency container ${containerName} exited with code ${code}`;
  }
  return undefined;
};

const UP_MILLIS = 2000;

/**
 * A stand-in has been started when it has said that it is up, or had time enough. On AWS starting the next container takes
 * so long that a sidecar listens by then; here both would be up within milliseconds of each other.
 */
export const untilUp = async (
  { processes, stopAsked }: Running,
  { definition, image }: PreparedContainer,
): Promise<void> => {
  const heard = processes.get(definition.name)?.heard;
  if (image.standIn) await Promise.race([heard, stopAsked, delay(UP_MILLIS, undefined, { ref: false })]);
};
