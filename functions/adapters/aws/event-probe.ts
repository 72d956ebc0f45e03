import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { probeDetailType, probeSource } from '../../domain/doctor-probe.ts';
import type { ProbeCluster } from '../../ports.ts';

/**
 * Puts a probe on the default bus, where AWS puts the events that Slipway waits for.
 * @throws Error when the bus does not take it
 */
export const eventBridgeProbe =
  (client: EventBridgeClient): ProbeCluster =>
  async ({ name }, nonce) => {
    const Detail = JSON.stringify({ nonce, cluster: name });
    const { Entries } = await client.send(
      new PutEventsCommand({ Entries: [{ Source: probeSource, DetailType: probeDetailType, Detail }] }),
    );
    const refused = Entries?.find(({ ErrorCode }) => ErrorCode !== undefined);
    if (refused) throw new Error(`The default bus refused an event: ${refused.ErrorCode}, ${refused.ErrorMessage}`);
  };
