import type { Resource, ResourceProvider } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import { activeMachine } from './machine-changes.ts';
import type { MachineTable } from './machine-table.ts';
import type { VersionTable } from './version-table.ts';

/** AWS::StepFunctions::StateMachineVersion; every property replaces it, but for the description, which is kept as it was. */
export const versionResource = (machines: MachineTable, versions: VersionTable): ResourceProvider => ({
  create: async ({ properties }) => {
    const { arn, revisionId = 'INITIAL' } = activeMachine(machines, properties['StateMachineArn']);
    const wanted = properties['StateMachineRevisionId'] ?? revisionId;
    if (wanted !== revisionId)
      throw new AwsError(
        'ConflictException',
        `Current State Machine revision does not match the requested revision: '${wanted}'`,
      );
    return shown(versions.publish(arn, String(properties['Description'] ?? '')).arn);
  },
  update: async ({ physicalId }) => shown(physicalId),
  delete: async ({ physicalId }) => versions.remove(physicalId),
});

const shown = (physicalId: string): Resource => ({ physicalId, attributes: { Arn: physicalId } });
