import type { Runtime } from '../application/runtime.ts';
import type { Cluster } from '../environment/cluster.ts';
import type { Build } from './build.ts';
import type { Place } from './database-access.ts';
import { logConfiguration } from './log-configuration.ts';
import { hasOwnInterface } from './network.ts';
import { portMappings } from './port-mappings.ts';
import { type SidecarDuties, sendsMessages, sidecarDuties } from './sidecar-duties.ts';
import { SIDECAR } from './sidecar-names.ts';
import { sidecarVariables } from './sidecar-variables.ts';
import { mountPoints } from './volumes.ts';

/** CPU units, and MiB at which it is ended: the original's. */
export const sidecarSize = { cpu: 128, memory: 128 } as const;

/** Whether a container stands beside those of the runtime that receives, sends or logs in for them. */
export const hasSidecar = (runtime: Runtime, place: Place): boolean => {
  const duties = sidecarDuties(runtime, place);
  return duties.ingress || duties.proxied.length > 0 || sendsMessages(duties);
};

/**
 * Its image as one reference. It stands in the template like every other, so that its digest is pinned with theirs and
 * another one is a new version.
 * @throws when the cluster names none: the application was not checked.
 */
export const sidecarImage = ({ name, aws: { o5Sidecar } }: Cluster): string => {
  if (!o5Sidecar) throw new Error(`Cluster ${name} has no o5Sidecar: check it first`);
  return `${o5Sidecar.imageRepo ?? 'ghcr.io/pentops/o5-runtime-sidecar'}:${o5Sidecar.imageVersion}`;
};

/** Its container definition. */
export const sidecar = (runtime: Runtime, build: Build) => {
  const links = hasOwnInterface(build) ? [] : linksOf(sidecarDuties(runtime, build));
  return {
    Name: SIDECAR,
    Image: sidecarImage(build.cluster),
    Essential: true,
    Cpu: sidecarSize.cpu,
    Memory: sidecarSize.memory,
    ...sidecarVariables(runtime, build),
    ...(links.length > 0 && { Links: links }),
    ...mountPoints({ name: SIDECAR, envVars: [], mountDockerSocket: false }, runtime, build),
    ...portMappings(SIDECAR, runtime, build),
    LogConfiguration: logConfiguration(SIDECAR, runtime, build),
  };
};

/** On a bridge a container knows another by name only when it is linked to it. */
const linksOf = ({ endpoints }: SidecarDuties): readonly string[] =>
  [...new Set(endpoints.map(({ container }) => `${container}:${container}`))].sort();
