import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Stage } from '../../infra/aws/stage.ts';
import { messageOf } from '../message-of.ts';
import type { ClientSettings } from './account.ts';
import { type Check, missing, ok, unknown } from './diagnosis.ts';

/** Beside the webhooks: steps of some deployments at once, each a fraction of a second long, and the sweeper. */
const STEPS = 10;

/** New accounts run ten functions at once: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const checkConcurrency = (settings: ClientSettings, { webhook, region }: Stage): Check => ({
  name: 'quota of concurrent functions',
  run: async () => {
    const needed = webhook.burst + STEPS;
    try {
      const { AccountLimit } = await new LambdaClient(settings).send(new GetAccountSettingsCommand({}));
      const free = AccountLimit?.UnreservedConcurrentExecutions ?? 0;
      return free >= needed
        ? ok(`${free} functions may run at once`)
        : missing(
            `${free} functions may run at once that are not reserved; a burst of ${webhook.burst} webhooks beside ${STEPS} steps needs ${needed}, and what is refused is only repaired minutes later`,
            `Ask for more "Concurrent executions" of Lambda in ${region} (Service Quotas, L-B99A9384), or lower webhook.burst of the stage`,
          );
    } catch (error) {
      return unknown(`Lambda does not tell: ${messageOf(error)}`, 'Allow yourself lambda:GetAccountSettings');
    }
  },
});
