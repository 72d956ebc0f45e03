import middy from '@middy/core';
import { isSigned, webhookCalls } from '../adapters/aws/webhook-calls.ts';
import type { WebhookAnswer, WebhookPorts, WebhookRequest } from '../operations/receive-webhook.ts';
import { requiredVariables } from './environment.ts';
import { lambdaWorld, type World } from './world.ts';

/** The webhook's own wiring: no SDK, no logger, no schema library, because GitHub's clock runs. */
export const webhook = (operation: (ports: WebhookPorts, request: WebhookRequest) => Promise<WebhookAnswer>) => {
  const inWorld = (world: World) => {
    let ports: WebhookPorts | undefined;
    return middy<WebhookRequest, WebhookAnswer>().handler(async (event) => {
      ports ??= portsIn(world);
      return operation(ports, event);
    });
  };
  return Object.assign(inWorld(lambdaWorld()), { in: inWorld });
};

const portsIn = ({ environment, clock, aws }: World): WebhookPorts => {
  const keys = ['WEBHOOK_SECRET_ID', 'REQUEST_MACHINE_ARN'] as const;
  const variables = requiredVariables(environment, keys);
  const now = () => clock.now().getTime();
  const calls = webhookCalls(
    {
      region: aws.region ?? environment['AWS_REGION'] ?? '',
      secretId: variables.WEBHOOK_SECRET_ID,
      machineArn: variables.REQUEST_MACHINE_ARN,
      endpoint: aws.endpoint ?? environment['AWS_ENDPOINT_URL'],
      accessKeyId: aws.credentials?.accessKeyId ?? environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: aws.credentials?.secretAccessKey ?? environment['AWS_SECRET_ACCESS_KEY'] ?? '',
      sessionToken: aws.credentials?.sessionToken ?? environment['AWS_SESSION_TOKEN'],
    },
    now,
  );
  return { ...calls, isSigned, now, complain };
};

/** A line of the shape that Powertools writes, whose logger alone is larger than the whole webhook. */
const complain: WebhookPorts['complain'] = (message, remedy) =>
  console.error(JSON.stringify({ level: 'ERROR', message, service: 'webhook', remedy }));
