import { resolve } from 'node:path';
import type { Part, World } from '../part.ts';
import type { UnsignedRequest, WireResponse } from '../wire/service.ts';
import { clusterStore } from './clusters.ts';
import { endEarlierLife } from './earlier-life.ts';
import { ecsArns } from './ecs-arns.ts';
import type { EcsOptions } from './ecs-options.ts';
import { clusterProvider, taskDefinitionProvider } from './ecs-resources.ts';
import { ecsService } from './ecs-service.ts';
import type { EcsState } from './ecs-state.ts';
import { type EcsFaults, ecsFaults } from './faults.ts';
import { takeOver } from './holder.ts';
import { launcher } from './launch.ts';
import { killLeftovers } from './process-mark.ts';
import { serviceChanges } from './service-changes.ts';
import { serviceProvider } from './service-resource.ts';
import { type ServiceScheduler, serviceScheduler } from './service-scheduler.ts';
import { serviceStore } from './service-store.ts';
import { taskCredentials } from './task-credentials.ts';
import { taskDefinitions } from './task-definitions.ts';
import { removeAllFiles } from './task-files.ts';
import { taskLives } from './task-lives.ts';
import { taskStore } from './task-store.ts';
import { timersOn } from './timers.ts';

export interface Ecs {
  /** Trouble on request; only tests ask for it. */
  readonly faults: EcsFaults;
  /** Answers containers that ask for credentials of their task's role: nobody signs such a request. */
  unsigned(request: UnsignedRequest): WireResponse | undefined;
}

/** ECS: services and tasks as processes of this machine. */
export const createEcs = (world: World, given: EcsOptions): Part & Ecs => {
  const options = { ...given, directory: resolve(given.directory) };
  const { balancer, directory } = options;
  const arns = ecsArns(world);
  const holder = takeOver(world.store);
  const clusters = clusterStore(world, arns);
  const definitions = taskDefinitions(world, arns);
  const services = serviceStore(world, holder);
  const tasks = taskStore(world, arns, holder);
  const credentials = taskCredentials(world, options);
  const lives = taskLives(world, { options, tasks, definitions, holder, credentials });
  const launch = launcher(world, arns, tasks, lives);
  const faults = ecsFaults(lives.stop, () => scheduler.retryNow());
  const shared = { world, arns, services, tasks, lives, definitions, balancer, launch, placement: faults };
  const scheduler: ServiceScheduler = serviceScheduler({ ...shared, holder });
  const timers = timersOn(world.clock);
  const { mayAssume = () => true } = options;
  const state: EcsState = { ...shared, clusters, scheduler, timers, mayAssume };
  const changes = serviceChanges(state);

  return {
    faults,
    unsigned: credentials.answer,
    services: [ecsService(state, changes)],
    resources: {
      'AWS::ECS::Cluster': clusterProvider(state),
      'AWS::ECS::TaskDefinition': taskDefinitionProvider(state),
      'AWS::ECS::Service': serviceProvider(state, changes),
    },
    start: async () => {
      await endEarlierLife(world, options, tasks);
      scheduler.wakeAll();
    },
    stop: async () => {
      const isLatest = holder.holds();
      holder.release();
      scheduler.stop();
      timers.stop();
      await lives.killAll();
      if (!isLatest) return;
      await killLeftovers([], directory);
      removeAllFiles(directory);
    },
  };
};
