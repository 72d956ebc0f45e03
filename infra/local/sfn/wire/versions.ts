import { AwsError, type Input, type Operation } from '../../wire/service.ts';
import { checkedArn } from '../arns.ts';
import { getMachine } from '../machine-changes.ts';
import type { MachineTable } from '../machine-table.ts';
import type { VersionTable } from '../version-table.ts';
import { pageOf, seconds } from './paging.ts';

/** Versions are listed, newest first, and deleted here; templates publish them. None can be started by its own ARN. */
export const versionOperations = (
  machines: MachineTable,
  versions: VersionTable,
): Readonly<Record<string, Operation>> => ({
  ListStateMachineVersions: {
    resources: ({ stateMachineArn }: Input) => [String(stateMachineArn)],
    run: (request) => {
      const { arn } = getMachine(machines, request.stateMachineArn);
      const { page, nextToken } = pageOf(versions.ofMachine(arn), request);
      const stateMachineVersions = page.map((version) => ({
        stateMachineVersionArn: version.arn,
        creationDate: seconds(version.createdMillis),
      }));
      return { stateMachineVersions, nextToken };
    },
  },
  DeleteStateMachineVersion: {
    resources: ({ stateMachineVersionArn }: Input) => [String(stateMachineVersionArn)],
    run: ({ stateMachineVersionArn }) => {
      const arn = checkedArn(stateMachineVersionArn, 'stateMachine');
      if (!/:\d+$/.test(arn))
        throw new AwsError('ValidationException', `Invalid Arn: '${arn}' is not the ARN of a version`);
      versions.remove(arn);
      return {};
    },
  },
});
