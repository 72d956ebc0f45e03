import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** `POST /webhook`: GitHub's only way in. Answers its URL. */
export const webhookApi = (scope: Construct, functions: ReadonlyMap<string, LambdaFunction>): string => {
  const webhook = functions.get('Webhook');
  if (!webhook) throw new Error('functions/manifest.ts has no row webhook');
  const api = new HttpApi(scope, 'Api', { description: 'Takes the webhooks of GitHub' });
  api.addRoutes({
    path: '/webhook',
    methods: [HttpMethod.POST],
    integration: new HttpLambdaIntegration('WebhookIntegration', webhook),
  });
  return `${api.apiEndpoint}/webhook`;
};
