import type { ActiveStep, Blocker } from '../../functions/domain/stack/blocked.ts';
import { elapsed } from './duration.ts';
import { CALL } from './names.ts';

/** What a deployment waits for, to be read after its name; with the command where a person can end the wait. */
export const blockerWords = (by: Blocker, now: number): string => {
  switch (by.kind) {
    case 'holder': {
      const at = stepWords(by.at, now);
      return `waits for ${by.deploymentId}${at ? ` (${at})` : ''}`;
    }
    case 'turn':
      return `waits for ${by.deploymentId}`;
    case 'approval':
      return `waits for a person to sign the plan of ${by.deploymentId}: ${CALL} approve ${by.deploymentId}`;
    case 'broken-stack':
      return `waits until ${by.stackName} is set right: ${CALL} resume ${by.stackName}`;
    case 'moving-stack':
      return `waits until the CloudFormation stack ${by.stackName} is at rest, whoever moves it`;
    case 'dispatch':
      return 'is about to begin, within a minute';
  }
};

/** `PGMigrate.main, 2 min 05 s`, one after another. */
export const stepWords = (steps: readonly ActiveStep[], now: number): string =>
  steps.map(({ name, since }) => [name, elapsed(since, undefined, now)].filter(Boolean).join(', ')).join('; ');
