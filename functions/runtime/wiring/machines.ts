import { SFNClient } from '@aws-sdk/client-sfn';
import { stepFunctionsMachines } from '../../adapters/aws/machines.ts';
import type { Machines } from '../../ports.ts';
import type { World } from '../world.ts';

export const machines = {
  machines: ({ environment, aws }: World): Machines => {
    const { REQUEST_MACHINE_ARN: request, DEPLOYMENT_MACHINE_ARN: deployment } = environment;
    return stepFunctionsMachines(new SFNClient(aws), {
      ...(request && { request }),
      ...(deployment && { deployment }),
    });
  },
};
