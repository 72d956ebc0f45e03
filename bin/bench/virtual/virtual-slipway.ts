import type { Deployment } from '../../../functions/domain/deployment/deployment.ts';
import type { HistoryEvent } from '../../../infra/local/sfn/history.ts';
import { type LocalSlipway, startSlipway } from '../../local/start-slipway.ts';
import { type WorkingClone, workingClone } from '../../local/working-clone.ts';
import { sha256 } from '../../sha256.ts';
import { handlersHere } from './handlers-here.ts';
import { calls as callTable } from './latency-table.ts';
import { type Operation, readOperations } from './operations.ts';
import { quietWatch } from './quiet.ts';
import { type Recording, recorder } from './recording.ts';
import type { DrawLatency } from './seeded-latencies.ts';
import { virtualClock } from './virtual-clock.ts';

const STACK = 'dev-shop';

/** One deployment that went well, with everything that was taken down of it. */
export interface Deployed {
  readonly deployment: Deployment;
  readonly history: readonly HistoryEvent[];
  readonly operations: readonly Operation[];
  readonly recording: Recording;
}

export interface VirtualSlipway extends LocalSlipway {
  readonly clone: WorkingClone;
  /** Deploys what `push` pushes; answers when the execution has ended. */
  deploy(push: () => Promise<string>): Promise<Deployed>;
  /** Lets the host of a function die once, when the function is done and before its answer is out. */
  loseAnswer(word: string): () => void;
}

export interface VirtualOptions {
  readonly directory: string;
  readonly draw: DrawLatency;
  /** Whether each function starts cold once in each deployment. */
  readonly isCold?: boolean;
}

/** Slipway on the embedded cloud, by virtual time that passes during `deploy` alone. */
export const startVirtualSlipway = async ({
  directory,
  draw,
  isCold = false,
}: VirtualOptions): Promise<VirtualSlipway> => {
  const clock = virtualClock(quietWatch());
  const warm = new Set<string | undefined>();
  const record = recorder(clock, (operation, what) => {
    const starts = isCold && operation === 'lambda.invoke' && !warm.has(what) && callTable['lambda.cold'];
    if (operation === 'lambda.invoke') warm.add(what);
    return draw(operation, what) + (starts ? draw('lambda.cold') : 0);
  });
  const doomed = new Set<string>();
  let ended: (arn: string) => void = () => {};
  const slipway = await startSlipway({
    directory,
    clock,
    functions: await handlersHere({ clock, onInvocation: record.onInvocation, dies: (word) => doomed.delete(word) }),
    latencies: record.latency,
    onCall: record.onCall,
    onHistory: (arn, event) => {
      record.onHistory(arn, event);
      if (/^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(event.type)) ended(arn);
    },
  });
  let letGo = clock.hold();
  const clone = await workingClone(`${directory}/clone`, slipway.github.gitUrl('acme', 'shop'));
  return {
    ...slipway,
    clone,
    loseAnswer: (word) => {
      doomed.add(word);
      return () => void doomed.delete(word);
    },
    deploy: async (push) => {
      const end = new Promise<string>((resolve) => {
        ended = (arn) => (arn.includes(':slipway-deployment:') ? resolve(arn) : undefined);
      });
      warm.clear();
      record.begin();
      letGo();
      const commit = await push();
      const arn = await end;
      letGo = clock.hold();
      const recording = record.end();
      const [deployment] = await slipway.ports.deployments.listOfStack(STACK, 1);
      if (deployment?.version !== commit || deployment.status !== 'DONE')
        throw new Error(`The deployment of ${commit} ended as ${deployment?.status}: ${deployment?.reason?.message}`);
      const operations = await readOperations(slipway.cloud, sha256, deployment, recording.waits);
      return { deployment, history: recording.histories.get(arn) ?? [], operations, recording };
    },
    stop: async () => {
      letGo();
      await slipway.stop();
      clock.stop();
    },
  };
};
