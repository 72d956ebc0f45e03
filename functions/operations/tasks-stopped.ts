import type { AwaitedBesides, Callback, Outcome } from '../domain/callback.ts';
import type { ClusterPorts, Ports } from '../ports.ts';
import { openSessions, type SessionPorts } from './open-sessions.ts';
import { serviceArns } from './service-arns.ts';

/** A task that is STOPPED takes its sessions with it within moments; what stays longer belongs to somebody else. */
const LOOKS = 5;
const BETWEEN_LOOKS_MILLIS = 300;

/**
 * After the stack has settled: no old task may be short of STOPPED, and no session of the application's database role
 * may be left; where a new version serves already, none that is older than its update. An outcome when both hold,
 * undefined to wait for the next event or sweep.
 */
export const tasksStopped = async (
  ports: SessionPorts & Pick<Ports, 'clock'>,
  callback: Callback,
  besides: AwaitedBesides,
  aws: ClusterPorts,
  settled: Outcome,
): Promise<Outcome | undefined> => {
  const leaving = await aws.tasks.leaving(await serviceArns(aws, callback.stackName));
  if (leaving.length > 0) return undefined;
  if (besides === 'services-stopped') return settled;
  const open = await openSessions(ports, callback, aws);
  for (let look = 1; look <= LOOKS; look++) {
    const olderThanMillis =
      besides === 'tasks-stopped' ? 0 : ports.clock.now().getTime() - Date.parse(callback.createdAt);
    if ((await open(olderThanMillis)).length === 0) return settled;
    if (look < LOOKS) await ports.clock.sleep(BETWEEN_LOOKS_MILLIS);
  }
  return undefined;
};
