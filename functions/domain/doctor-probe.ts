import type { AwsEvent } from './aws-event.ts';

/** An event of ours that says nothing and moves nothing: that it arrives proves the way of all others. */
export const probeSource = 'slipway.doctor';
export const probeDetailType = 'Slipway Doctor Probe';

export interface Probe {
  /** Made up for one look: finds the event again. */
  readonly nonce: string;
  /** From whose account it was sent. */
  readonly cluster: string;
}

/** Under which the audit keeps that a probe has arrived. */
export const probeSubject = (nonce: string): string => `doctor/${nonce}`;

/** Undefined for every other event, and for one that is not of our making. */
export const probeFrom = ({ source, detail }: AwsEvent): Probe | undefined => {
  if (source !== probeSource) return undefined;
  const { nonce, cluster } = detail;
  return typeof nonce === 'string' && /^[\w-]{8,64}$/.test(nonce) && typeof cluster === 'string'
    ? { nonce, cluster: cluster.slice(0, LONGEST_NAME) }
    : undefined;
};

/** Whoever may put events on a cluster's bus could send anything. */
const LONGEST_NAME = 63;
