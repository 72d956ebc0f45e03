import type { Part, ResourceProvider, World } from '../part.ts';
import { queryService } from '../wire/query.ts';
import { createChangeSetMaker } from './changes/change-set-maker.ts';
import type { Context } from './engine/context.ts';
import { createEngine } from './engine/engine.ts';
import { type CloudFormationFaults, cloudFormationFaults } from './faults.ts';
import { openRecords } from './open-records.ts';
import { changeSetOperations } from './operations/change-sets.ts';
import { changeStackOperations } from './operations/change-stack.ts';
import { describeOperations } from './operations/describe.ts';
import type { Desk } from './operations/desk.ts';
import { templateOperations } from './operations/templates.ts';
import { recordedTypes } from './recorded-types.ts';
import { neededOfRole } from './role-actions.ts';

export interface CloudFormationOptions {
  /** By CloudFormation type; asked at every use, so that parts may be put together in any order. */
  readonly providers: () => Readonly<Record<string, ResourceProvider>>;
  /** The body behind a TemplateURL; rejects with S3's words. */
  readonly fetchTemplate: (url: string) => Promise<string>;
  /** For dynamic references; undefined for a secret or key that is not there. */
  readonly readSecret?: (secretId: string, jsonKey?: string) => string | undefined;
  /** Whether CloudFormation may take a role that it is handed; without it any. */
  readonly mayAssume?: (roleArn: string) => boolean;
  /** Throws unless a service role may do what it is about to be used for. */
  readonly authorizeRole?: (
    roleArn: string,
    action: string,
    resources: readonly string[],
    context?: Readonly<Record<string, string>>,
  ) => void;
}

export interface CloudFormation {
  /** For tests. */
  readonly faults: CloudFormationFaults;
}

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/** CloudFormation: stacks, change sets and events over the resource providers of the other parts. */
export const createCloudFormation = (world: World, options: CloudFormationOptions): Part & CloudFormation => {
  const records = openRecords(world.store);
  const recorded = recordedTypes(world);
  const faults = cloudFormationFaults();
  const providerOf = (type: string) => {
    const real = options.providers();
    if (Object.hasOwn(real, type)) return real[type];
    return Object.hasOwn(recorded, type) ? recorded[type] : undefined;
  };
  const context: Omit<Context, 'stopping'> = {
    ...{ world, records, providerOf, faults },
    readSecret: options.readSecret ?? (() => undefined),
    authorizeRole: (roleArn, question) => {
      for (const { action, resources, context: keys } of neededOfRole({ ...world, ...question }))
        options.authorizeRole?.(roleArn, action, resources, keys);
    },
  };
  const engine = createEngine(context);
  const maker = createChangeSetMaker(context);
  const desk: Desk = {
    ...{ world, records, engine, maker, faults },
    fetchTemplate: options.fetchTemplate,
    mayAssume: options.mayAssume ?? (() => true),
    types: () => [...new Set([...Object.keys(options.providers()), ...Object.keys(recorded)])],
    importing: (type) => providerOf(type)?.importing,
  };
  const operations = {
    ...changeStackOperations(desk),
    ...changeSetOperations(desk),
    ...describeOperations(desk),
    ...templateOperations(desk),
  };
  return {
    faults,
    services: [queryService('cloudformation', NAMESPACE, operations)],
    start: async () => {
      engine.resume();
      maker.resume();
    },
    stop: async () => {
      await Promise.all([engine.stop(), maker.stop()]);
    },
  };
};
