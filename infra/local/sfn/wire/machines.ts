import type { World } from '../../part.ts';
import { AwsError, type Input, type Operation } from '../../wire/service.ts';
import { checkedArn, machineArnOf } from '../arns.ts';
import type { Engine } from '../engine.ts';
import { createMachine, deleteMachine, getMachine, updateMachine } from '../machine-changes.ts';
import { pageOf, seconds } from './paging.ts';

const onMachine = ({ stateMachineArn }: Input) => [String(stateMachineArn)];

export const machineOperations = (world: World, engine: Engine): Readonly<Record<string, Operation>> => ({
  CreateStateMachine: {
    resources: ({ name }) => [machineArnOf(world, String(name))],
    run: ({ type = 'STANDARD', publish, ...request }) => {
      if (type !== 'STANDARD') throw new AwsError('StateMachineTypeNotSupported', `only STANDARD, not ${type}`);
      if (publish)
        throw new AwsError('ValidationException', 'the embedded cloud keeps no versions: publish must be false');
      const { arn, createdMillis } = createMachine(world, engine, request);
      return { stateMachineArn: arn, creationDate: seconds(createdMillis) };
    },
  },
  UpdateStateMachine: {
    resources: onMachine,
    run: ({ stateMachineArn, ...changes }) => {
      const { updatedMillis, revisionId } = updateMachine(world, engine, stateMachineArn, changes);
      return { updateDate: seconds(updatedMillis), revisionId };
    },
  },
  DeleteStateMachine: {
    resources: onMachine,
    run: ({ stateMachineArn }) => {
      deleteMachine(engine, checkedArn(stateMachineArn, 'stateMachine'));
      return {};
    },
  },
  DescribeStateMachine: {
    resources: onMachine,
    run: ({ stateMachineArn }) => {
      const machine = getMachine(engine.machines, stateMachineArn);
      const { arn, name, status, roleArn, createdMillis, revision, revisionId } = machine;
      return {
        stateMachineArn: arn,
        name,
        status,
        definition: engine.machines.definition(revision),
        roleArn,
        type: 'STANDARD',
        creationDate: seconds(createdMillis),
        loggingConfiguration: machine.loggingConfiguration,
        tracingConfiguration: machine.tracingConfiguration,
        revisionId,
      };
    },
  },
  ListStateMachines: {
    run: (request) => {
      const { page, nextToken } = pageOf(engine.machines.list(), request);
      const stateMachines = page.map(({ arn, name, createdMillis }) => ({
        stateMachineArn: arn,
        name,
        type: 'STANDARD',
        creationDate: seconds(createdMillis),
      }));
      return { stateMachines, nextToken };
    },
  },
});
