import { Duration, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, EventBus, EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { hintPatterns } from './hint-patterns.ts';
import { busName, machineNames } from './names.ts';
import type { Stage } from './stage.ts';

/** Events that end waits, executions that ended without us, the sweeper's minute, and the look for lost pushes. */
export const controlEvents = (
  scope: Construct,
  stage: Stage,
  { functions, deadLetters }: { readonly functions: ReadonlyMap<string, LambdaFunction>; readonly deadLetters: IQueue },
): void => {
  const { region, account } = Stack.of(scope);
  const bus = new EventBus(scope, 'Bus', { eventBusName: busName });
  for (const other of new Set(stage.clusters.map((site) => site.account)))
    if (other !== stage.account)
      new CfnEventBusPolicy(scope, `BusPolicy${other}`, {
        eventBusName: bus.eventBusName,
        statementId: `Cluster${other}`,
        statement: {
          Sid: `Cluster${other}`,
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${other}:root` },
          Action: 'events:PutEvents',
          Resource: bus.eventBusArn,
        },
      });
  // By then the sweeper has looked many times for itself.
  const hints = { deadLetterQueue: deadLetters, maxEventAge: Duration.hours(1) };
  // The next one is on its way.
  const ticks = {
    deadLetterQueue: deadLetters,
    maxEventAge: Duration.minutes(1),
    event: RuleTargetInput.fromObject({}),
  };
  const target = (name: string) => {
    const found = functions.get(name);
    if (!found) throw new Error(`functions/manifest.ts has no row for ${name}`);
    return found;
  };
  for (const [what, eventPattern] of Object.entries(hintPatterns))
    new Rule(scope, `${what}Events`, {
      eventBus: bus,
      description: `${what} events of every cluster: hints that a step may have ended`,
      eventPattern,
      targets: [new LambdaTarget(target('CompleteCallback'), hints)],
    });
  new Rule(scope, 'ExecutionEvents', {
    description: 'Executions that ended badly: most have settled themselves, the others are settled now',
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: {
        stateMachineArn: [`arn:aws:states:${region}:${account}:stateMachine:${machineNames.deployment}`],
        status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
      },
    },
    targets: [
      new LambdaTarget(target('Sweep'), {
        ...hints,
        event: RuleTargetInput.fromObject({ execution: EventField.fromPath('$.detail.input') }),
      }),
    ],
  });
  new Rule(scope, 'EveryMinute', {
    description: 'The sweeper: completes what an event lost, dispatches what waits',
    schedule: Schedule.rate(Duration.minutes(1)),
    targets: [new LambdaTarget(target('Sweep'), ticks)],
  });
  new Rule(scope, 'EveryFiveMinutes', {
    description: 'Lost pushes: compares what GitHub has with what was accepted',
    schedule: Schedule.rate(Duration.minutes(5)),
    targets: [new LambdaTarget(target('Reconcile'), ticks)],
  });
};
