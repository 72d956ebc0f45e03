import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Machine } from '../../statemachines/define.ts';

/** A state machine from its literal: `${ScaleDown}` becomes the ARN of that function, and the role may invoke just those. */
export const machineFrom = (
  scope: Construct,
  id: string,
  options: {
    readonly name: string;
    readonly machine: Machine;
    readonly functions: ReadonlyMap<string, LambdaFunction>;
  },
): CfnStateMachine => {
  const definition = JSON.stringify(options.machine);
  const named = [...new Set([...definition.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name))].sort();
  const arns = Object.fromEntries(named.map((name) => [name, arnOf(options.functions, name)]));
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('states.amazonaws.com') });
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: Object.values(arns) }));
  const machine = new CfnStateMachine(scope, id, {
    stateMachineName: options.name,
    stateMachineType: 'STANDARD',
    definitionString: definition,
    definitionSubstitutions: arns,
    roleArn: role.roleArn,
  });
  machine.node.addDependency(role);
  return machine;
};

const arnOf = (functions: ReadonlyMap<string, LambdaFunction>, name: string): string => {
  const found = functions.get(name);
  if (!found) throw new Error(`A state calls ${name}, but functions/manifest.ts has no row of that name`);
  return found.functionArn;
};
