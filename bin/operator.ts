import type { Clock, Log } from '../functions/ports.ts';
import { portsFrom } from '../functions/runtime/step.ts';
import { clusterAsker } from '../functions/runtime/wiring/cluster-asker.ts';
import { configurationFiles } from '../functions/runtime/wiring/configuration-files.ts';
import { gitHubSetup } from '../functions/runtime/wiring/git-hub-setup.ts';
import { github } from '../functions/runtime/wiring/github.ts';
import { machines } from '../functions/runtime/wiring/machines.ts';
import { records } from '../functions/runtime/wiring/records.ts';
import type { World } from '../functions/runtime/world.ts';
import { outputIdOf } from '../infra/aws/names.ts';

const VARIABLES = [
  'STACKS_TABLE',
  'DEPLOYMENTS_TABLE',
  'CALLBACKS_TABLE',
  'DATABASES_TABLE',
  'TARGETS_TABLE',
  'LISTENERS_TABLE',
  'ENVIRONMENTS_TABLE',
  'CLUSTERS_TABLE',
  'REPOSITORIES_TABLE',
  'EVENTS_TABLE',
  'DOCUMENTS_BUCKET',
  'WEBHOOK_SECRET_ID',
  'GITHUB_APP_SECRET_ID',
  'REQUEST_MACHINE_ARN',
  'DEPLOYMENT_MACHINE_ARN',
  'CHECK_CLUSTER_FUNCTION_ARN',
] as const;

export interface OperatorOptions {
  /** Outputs of the control plane's stack: they name everything else. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly aws: World['aws'];
  readonly environment?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
}

/** The ports of an operator's command line, under the operator's own credentials. */
export const operatorPorts = ({ outputs, aws, environment = {}, clock = systemClock }: OperatorOptions) => {
  const named = VARIABLES.map((variable) => [variable, outputs[outputIdOf(variable)]]);
  const world: World = { environment: { ...environment, ...Object.fromEntries(named) }, clock, aws };
  return portsFrom(
    {
      ...records,
      ...machines,
      ...github,
      ...gitHubSetup,
      ...configurationFiles,
      ...clusterAsker,
      log: () => operatorLog,
    },
    world,
  );
};

export type OperatorPorts = ReturnType<typeof operatorPorts>;

const systemClock: Clock = {
  now: () => new Date(),
  sleep: (millis) => new Promise((resolve) => setTimeout(resolve, millis)),
};

/** A person reads this: faults only, beside the result. */
const operatorLog: Log = {
  info: () => {},
  error: (event, fields = {}) => {
    process.stderr.write(`${event}: ${Object.values(fields).map(String).join(', ')}\n`);
  },
  count: () => {},
  measure: () => {},
};
