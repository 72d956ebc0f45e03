import type { CloudEvent } from '../part.ts';
import type { Execution } from './execution.ts';

const redrivable = new Set(['FAILED', 'TIMED_OUT', 'ABORTED']);

/** What EventBridge is told at each change: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export const statusEvent = (execution: Execution): CloudEvent => {
  const { arn, machineArn, name, status, startMillis, stopMillis, input, output, error, cause } = execution;
  return {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    resources: [arn],
    detail: {
      executionArn: arn,
      stateMachineArn: machineArn,
      name,
      status,
      startDate: startMillis,
      stopDate: stopMillis ?? null,
      input,
      output: output ?? null,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: 0,
      redriveDate: null,
      redriveStatus: redrivable.has(status) ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
      redriveStatusReason: redrivable.has(status) ? null : `Execution is ${status} and cannot be redriven`,
      inputDetails: { included: true },
      outputDetails: output === undefined ? null : { included: true },
      error: error ?? null,
      cause: cause ?? null,
    },
  };
};
