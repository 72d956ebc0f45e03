import type { Runtime } from '../application/runtime.ts';
import type { Build } from './build.ts';
import type { Place } from './database-access.ts';
import { fargateSize } from './fargate-size.ts';
import { sizeOf } from './image.ts';
import { hasOwnInterface } from './network.ts';
import { hasSidecar, sidecarSize } from './sidecar.ts';

/** CPU units and MiB that the containers of a runtime ask for together. */
export const demandOf = (runtime: Runtime, place: Place) => {
  const sizes = [
    ...runtime.containers.map((container) => sizeOf(container, place)),
    ...(hasSidecar(runtime, place) ? [sidecarSize] : []),
  ];
  return {
    cpu: sizes.reduce((sum, { cpu }) => sum + cpu, 0),
    memory: sizes.reduce((sum, { memory }) => sum + memory, 0),
  };
};

/**
 * Size of the whole task, which Fargate wants to know and an instance does not.
 * @throws when Fargate has none so large: the application was not checked.
 */
export const taskSize = (runtime: Runtime, build: Build) => {
  if (!hasOwnInterface(build)) return {};
  const size = fargateSize(demandOf(runtime, build));
  if (!size) throw new Error(`Fargate has no task large enough for ${runtime.name}: check it first`);
  return { Cpu: String(size.cpu), Memory: String(size.memory) };
};
