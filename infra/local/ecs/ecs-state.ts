import type { Balancer } from '../balancer/balancer.ts';
import type { World } from '../part.ts';
import type { Clusters } from './clusters.ts';
import type { EcsArns } from './ecs-arns.ts';
import type { Placement } from './faults.ts';
import type { Launch } from './launch.ts';
import type { ServiceScheduler } from './service-scheduler.ts';
import type { ServiceStore } from './service-store.ts';
import type { TaskDefinitions } from './task-definitions.ts';
import type { TaskLives } from './task-lives.ts';
import type { TaskStore } from './task-store.ts';
import type { Timers } from './timers.ts';

/** What operations and resources work on. */
export interface EcsState {
  readonly world: World;
  readonly arns: EcsArns;
  readonly clusters: Clusters;
  readonly definitions: TaskDefinitions;
  readonly tasks: TaskStore;
  readonly lives: TaskLives;
  readonly services: ServiceStore;
  readonly scheduler: ServiceScheduler;
  readonly launch: Launch;
  readonly placement: Placement;
  readonly balancer: Balancer;
  /** Whether tasks can take a role. */
  mayAssume(roleArn: string): boolean;
  /** End with the part. */
  readonly timers: Timers;
}
