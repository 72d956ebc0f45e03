import { type CfnStage, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { deliveredLogsIn } from './log-group.ts';
import type { Stage } from './stage.ts';

export interface WebhookApi {
  readonly api: HttpApi;
  readonly url: string;
  readonly accessLogs: LogGroup;
}

/** `POST /webhook`: GitHub's only way in, throttled. Anything else is 404 and reaches nobody. */
export const webhookApi = (
  scope: Construct,
  stage: Stage,
  functions: ReadonlyMap<string, LambdaFunction>,
): WebhookApi => {
  const webhook = functions.get('Webhook');
  if (!webhook) throw new Error('functions/manifest.ts has no row webhook');
  const api = new HttpApi(scope, 'Api', { description: 'Takes the webhooks of GitHub' });
  api.addRoutes({
    path: '/webhook',
    methods: [HttpMethod.POST],
    integration: new HttpLambdaIntegration('WebhookIntegration', webhook),
  });
  const accessLogs = deliveredLogsIn(scope, 'ApiLogs', stage, 'webhook');
  const { requestsPerSecond, burst } = stage.webhook;
  const defaultStage = api.defaultStage?.node.defaultChild as CfnStage;
  defaultStage.defaultRouteSettings = { throttlingRateLimit: requestsPerSecond, throttlingBurstLimit: burst };
  defaultStage.accessLogSettings = { destinationArn: accessLogs.logGroupArn, format: JSON.stringify(ACCESS) };
  return { api, url: `${api.apiEndpoint}/webhook`, accessLogs };
};

/** A line of the access log: enough to tell a flood from a fault. No header, so no signature and no delivery's content. */
const ACCESS = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  latencyMillis: '$context.responseLatency',
  error: '$context.error.message',
  integrationError: '$context.integrationErrorMessage',
} as const;
