import type { Balancer } from '../balancer/balancer.ts';
import type { World } from '../part.ts';
import type { EcsArns } from './ecs-arns.ts';
import type { Placement } from './faults.ts';
import type { Holder } from './holder.ts';
import type { Launch } from './launch.ts';
import type { ServiceStore } from './service-store.ts';
import type { TaskDefinitions } from './task-definitions.ts';
import type { TaskLives } from './task-lives.ts';
import type { TaskStore } from './task-store.ts';

/** What the scheduler of services works with. */
export interface SchedulerContext {
  readonly world: World;
  readonly arns: EcsArns;
  readonly services: ServiceStore;
  readonly tasks: TaskStore;
  readonly lives: TaskLives;
  readonly definitions: TaskDefinitions;
  readonly balancer: Balancer;
  readonly launch: Launch;
  readonly placement: Placement;
  readonly holder: Holder;
}
