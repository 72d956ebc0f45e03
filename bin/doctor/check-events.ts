import { probeSubject } from '../../functions/domain/doctor-probe.ts';
import type { ClusterSite } from '../../infra/aws/stage.ts';
import type { Deployed } from './control-plane.ts';
import { type Diagnosis, missing, ok, unknown } from './diagnosis.ts';

export interface EventWait {
  readonly nonce: string;
  readonly sleep: (millis: number) => Promise<unknown>;
}

/** EventBridge takes a fraction of a second; a rule that was just made may take a minute to work. */
const LOOK_EVERY_MILLIS = 500;
const LOOKS = 120;

/** An event that is sent from the cluster's account arrives where those of CloudFormation and ECS have to. */
export const checkEvents = async (
  { ports, call }: Deployed,
  { name }: ClusterSite,
  { nonce, sleep }: EventWait,
): Promise<Diagnosis> => {
  const cluster = await ports.configuration.findCluster(name);
  if (!cluster) return unknown(`The cluster ${name} is not configured yet`, `Run ${call('apply FILE')} first`);
  const check = await ports.askCluster(cluster, nonce);
  if (check.kind === 'silent') return missing(`No event could be sent: ${check.message}`, check.remedy);
  for (let look = 0; look < LOOKS; look++) {
    const [arrived] = await ports.events.list(probeSubject(nonce), 1);
    if (arrived) return ok('an event from there arrives at the control plane');
    await sleep(LOOK_EVERY_MILLIS);
  }
  return missing(
    `An event was sent from there and did not arrive within ${(LOOKS * LOOK_EVERY_MILLIS) / 1000} s; deployments would wait for the sweeper at every step`,
    `Deploy again; then look at the rule ForwardDoctorEvents of slipway-cluster-${name} and at the dead letters of both stacks`,
  );
};
