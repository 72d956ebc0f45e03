import type { Deployment, Step } from '../../../functions/domain/deployment/deployment.ts';
import { aDeployment } from '../../support/records.ts';

/** So many milliseconds after the deployments of these tests were asked for. */
export const at = (millis: number): string => new Date(Date.parse('2026-08-01T10:00:00.000Z') + millis).toISOString();

export const now = (millis: number): number => Date.parse(at(millis));

export const aStep = (name: string, given: Partial<Step> = {}): Step => ({
  name,
  status: 'DONE',
  startedAt: at(0),
  endedAt: at(1_000),
  ...given,
});

/** A push of 61648b7 to main, with these steps. */
export const aPush = (given: Partial<Deployment> = {}, steps: readonly Step[] = []): Deployment =>
  aDeployment({
    version: COMMIT,
    source: {
      kind: 'push',
      repository: { id: '1001', owner: 'acme', name: 'shop', installationId: '1' },
      ref: 'refs/heads/main',
      before: '0'.repeat(40),
      after: COMMIT,
      deliveryId: '6b6bbb1a-f702-479c-aac0-470af202ee2e',
    },
    createdAt: at(0),
    updatedAt: at(3_000),
    steps: Object.fromEntries(steps.map((step) => [step.name, step])),
    ...given,
  });

export const COMMIT = `61648b7${'0'.repeat(33)}`;

export const aPlan = { mode: 'BEFORE', hash: 'abc', reasons: ['Nothing serves yet.'], outageSeconds: 0 } as const;
