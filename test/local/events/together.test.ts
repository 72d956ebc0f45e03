import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { createDynamodb } from '../../../infra/local/dynamodb/dynamodb.ts';
import { createEvents, type Events } from '../../../infra/local/events/events.ts';
import { createGateway } from '../../../infra/local/gateway/gateway.ts';
import { createIam } from '../../../infra/local/iam/iam.ts';
import { createLambda } from '../../../infra/local/lambda/lambda.ts';
import { startFront } from '../../../infra/local/wire/front.ts';
import { create, eventually, testWorld } from '../test-world.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const HANDLERS = `
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
const client = new DynamoDBClient({});
const events = new EventBridgeClient({});
const TableName = process.env.STACKS_TABLE;
export const webhook = async (event) => {
  const Detail = JSON.stringify({ id: JSON.parse(event.body).id });
  await events.send(new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'Pushed', Detail }] }));
  return { statusCode: 202, body: 'accepted' };
};
export const store = async (event) => {
  await client.send(new PutItemCommand({ TableName, Item: { id: { S: event.detail.id } } }));
  return (await client.send(new GetItemCommand({ TableName, Key: { id: { S: event.detail.id } } }))).Item;
};
`;

test('a request goes through API, function, bus, function and table, each under the role that the template gives it', async () => {
  const assets = mkdtempSync(join(tmpdir(), 'slipway-together-'));
  closing.push(async () => rmSync(assets, { recursive: true, force: true }));
  const { outputFiles } = buildSync({
    stdin: { contents: HANDLERS, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  writeFileSync(join(assets, 'main.mjs'), outputFiles[0]?.text ?? '');

  const emitted: { emit?: Events['emit'] } = {};
  const base = testWorld();
  const world = { ...base, emit: (event: Parameters<Events['emit']>[0]) => emitted.emit?.(event) };
  const refused: string[] = [];
  const iam = createIam(world, {
    observe: ({ allowed, action }) => {
      if (!allowed) refused.push(action);
    },
  });
  const log: string[] = [];
  let endpoint = '';
  const lambda = createLambda(world, {
    endpoint: () => endpoint,
    iam,
    assetPath: () => assets,
    appendLog: (group, _stream, lines) => log.push(...lines.map((line) => `${group} ${line}`)),
    run: 'worker',
  });
  const events = createEvents(world, { ...lambda, authorizeRole: iam.authorizeRole });
  emitted.emit = events.emit;
  const gateway = createGateway(world, lambda);
  const parts = [iam, lambda, events, gateway, createDynamodb(world)];
  const front = await startFront({ ...iam, services: parts.flatMap((part) => part.services ?? []) });
  endpoint = front.url;
  closing.push(front.close);
  for (const part of parts) {
    await part.start?.();
    closing.push(async () => part.stop?.());
  }
  const resources = parts.map((part) => part.resources ?? {});
  const make = (type: string, id: string, properties: object) => {
    const part = parts[resources.findIndex((known) => type in known)];
    if (!part) throw new Error(`nothing makes ${type}`);
    return create(part, type, id, properties as Record<string, unknown>);
  };

  const table = await make('AWS::DynamoDB::Table', 'Stacks', {
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  const fn = async (name: string, Action: string, Resource: unknown) => {
    const role = await make('AWS::IAM::Role', `${name}Role`, {
      AssumeRolePolicyDocument: {
        Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
      },
      Policies: [{ PolicyName: 'own', PolicyDocument: { Statement: { Effect: 'Allow', Action, Resource } } }],
    });
    return make('AWS::Lambda::Function', name, {
      Handler: `main.${name}`,
      Runtime: 'nodejs24.x',
      Code: { S3Bucket: 'assets', S3Key: 'x' },
      Role: role.attributes['Arn'],
      Environment: { Variables: { STACKS_TABLE: table.physicalId } },
    });
  };
  const bus = `arn:aws:events:${world.region}:${world.account}:event-bus/default`;
  const webhook = await fn('webhook', 'events:PutEvents', bus);
  const store = await fn('store', 'dynamodb:PutItem', table.attributes['Arn']);
  const rule = await make('AWS::Events::Rule', 'Rule', {
    EventPattern: { source: ['shop'] },
    Targets: [{ Id: 'store', Arn: store.attributes['Arn'], RetryPolicy: { MaximumRetryAttempts: 0 } }],
  });
  const permit = (id: string, FunctionName: unknown, Principal: string, SourceArn: unknown) =>
    make('AWS::Lambda::Permission', id, { Action: 'lambda:InvokeFunction', FunctionName, Principal, SourceArn });
  await permit('ByRule', store.attributes['Arn'], 'events.amazonaws.com', rule.attributes['Arn']);
  const api = await make('AWS::ApiGatewayV2::Api', 'Api', { ProtocolType: 'HTTP', Name: 'api' });
  const ApiId = api.physicalId;
  const integration = await make('AWS::ApiGatewayV2::Integration', 'Integration', {
    ApiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: webhook.attributes['Arn'],
    PayloadFormatVersion: '2.0',
  });
  await make('AWS::ApiGatewayV2::Route', 'Route', {
    ApiId,
    RouteKey: 'POST /webhook',
    Target: `integrations/${integration.physicalId}`,
  });
  await make('AWS::ApiGatewayV2::Stage', 'Stage', { ApiId, StageName: '$default' });
  await permit(
    'ByApi',
    webhook.physicalId,
    'apigateway.amazonaws.com',
    `arn:aws:execute-api:${world.region}:${world.account}:${ApiId}/*/*/webhook`,
  );

  const post = () =>
    fetch(`${gateway.endpoint(ApiId)}/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"id":"s1"}',
    });
  const response = await post();
  expect([response.status, await response.text()]).toEqual([202, 'accepted']);
  const denied = await eventually('the second function is refused what its policy does not allow', () =>
    log.find((line) => line.includes('AccessDeniedException')),
  );
  expect(denied).toMatch(/User: arn:aws:sts::111122223333:assumed-role\/shop-storeRole-\w+\/shop-store-\w+ /);
  expect(denied).toContain('is not authorized to perform: dynamodb:GetItem');
  expect(refused).toEqual(['dynamodb:GetItem']);
  const { payload } = await lambda.invoke(store.physicalId, '{"detail":{"id":"s1"}}');
  expect(JSON.parse(payload).errorType).toBe('AccessDeniedException');
});
