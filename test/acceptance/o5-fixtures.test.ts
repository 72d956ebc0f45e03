import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { AwsClient } from 'aws4fetch';
import { parse, stringify } from 'yaml';
import { ROOT } from '../../bin/local/synthesise.ts';
import { type Deployment, isEnded } from '../../functions/domain/deployment/deployment.ts';
import { applyConfiguration } from '../../functions/operations/apply-configuration.ts';
import { clientSettings } from '../../infra/local/assembly.ts';
import { fixture, hasFixtures, testWithFixtures } from '../support/o5-fixtures.ts';
import { type Branch, startTestSlipway, type TestSlipway } from '../support/slipway.ts';
import { until } from '../support/until.ts';

const REGISTRY = '000000000000.dkr.ecr.eu-west-1.amazonaws.com';
const IMAGES = ['dante', 'jwks', 'o5-deploy-aws', 'o5-ui', 'registry', 'trigger'];

/** Runs in place of an image: `migrate` is done at once, anything else listens wherever it is told and says whose it is. */
const serverOf = (stack: string) => `import { createServer } from 'node:http';
const [command = 'serve'] = process.argv.slice(2);
if (command === 'migrate') console.log('nothing to migrate');
else {
  const ports = new Set(Object.entries(process.env).filter(([name]) => /^PORT(_\\d+)?$/.test(name)).map(([, port]) => port));
  const servers = [...ports].map((port) =>
    createServer((request, response) => response.end(${JSON.stringify(`${stack} `)} + request.url)).listen(Number(port), '127.0.0.1'));
  process.on('SIGTERM', () => servers.forEach((server) => server.close()));
}
`;

interface Application {
  readonly stack: string;
  /** Paths that lead to it, past the sidecar and through it, and the host it is asked by. */
  readonly paths: readonly string[];
  readonly host?: string;
  /** What people put into its secrets before it runs. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Resources of the original's template, by type without `AWS::`, as it was worked out by hand for its inventory. */
  readonly original: Readonly<Record<string, number>>;
}

const RUNTIME = { 'ECS::TaskDefinition': 1, 'IAM::Role': 1, 'EC2::SecurityGroup': 1, 'ECS::Service': 1 };
const ROUTED = { ...RUNTIME, 'ElasticLoadBalancingV2::TargetGroup': 1, 'ElasticLoadBalancingV2::ListenerRule': 1 };
const SUBSCRIBED = { 'SQS::Queue': 1, 'SQS::QueuePolicy': 1, 'Events::Rule': 1 };
const WITH_DATABASE = { 'ECS::TaskDefinition': 2, 'IAM::Role': 2, 'SecretsManager::Secret': 1 };

const APPLICATIONS: Readonly<Record<string, Application>> = {
  'o5-deploy-aws': {
    stack: 'dev-o5deploy',
    paths: ['/deployer/v1/q/stacks'],
    secrets: { github: '[]' },
    original: {
      ...{ ...ROUTED, ...SUBSCRIBED, ...WITH_DATABASE },
      ...{ 'SecretsManager::Secret': 2, 'S3::Bucket': 1, 'SNS::Subscription': 1 },
    },
  },
  dante: {
    stack: 'dev-dante',
    paths: ['/dante/v1/messages'],
    secrets: { slack: '{"url":"https://chat.example"}' },
    original: { ...ROUTED, ...SUBSCRIBED, ...WITH_DATABASE, 'SecretsManager::Secret': 2 },
  },
  registry: {
    stack: 'dev-registry',
    paths: ['/gopkg/mod', '/registry/v1/images'],
    secrets: { github: '{"privateKey":"key","appId":"1","installationId":"2"}' },
    original: {
      ...{ ...ROUTED, ...SUBSCRIBED, ...WITH_DATABASE, 'SecretsManager::Secret': 2, 'S3::Bucket': 1 },
      ...{ 'ElasticLoadBalancingV2::TargetGroup': 2, 'ElasticLoadBalancingV2::ListenerRule': 2 },
    },
  },
  trigger: {
    stack: 'dev-trigger',
    paths: ['/trigger/v1/ticks'],
    original: { ...ROUTED, ...SUBSCRIBED, ...WITH_DATABASE },
  },
  jwtauth: {
    stack: 'dev-jwks',
    paths: ['/.well-known/jwks.json'],
    secrets: { keys: '{"privateKey":"key"}' },
    original: { ...ROUTED, 'SecretsManager::Secret': 1 },
  },
  'o5-ui': { stack: 'dev-o5ui', paths: ['/'], host: 'o5.dev.example', original: ROUTED },
};

type Counts = Readonly<Record<string, number>>;

/** Where our templates differ from the original's, and why. */
const DIFFERENCES: readonly { readonly why: string; readonly by: (original: Counts) => Counts }[] = [
  {
    why: 'databases never belong to the stack: their secret and their migration stand beside it',
    by: (original) =>
      original['ECS::TaskDefinition'] === 2
        ? { 'SecretsManager::Secret': -1, 'ECS::TaskDefinition': -1, 'IAM::Role': -1 }
        : {},
  },
  {
    why: 'a message that nobody can handle is kept in a queue of its own, which takes nothing unencrypted either',
    by: (original): Counts => (original['SQS::Queue'] ? { 'SQS::Queue': 1, 'SQS::QueuePolicy': 1 } : {}),
  },
  {
    why: 'a bucket takes nothing unencrypted',
    by: (original): Counts => (original['S3::Bucket'] ? { 'S3::BucketPolicy': 1 } : {}),
  },
];

const expectedCounts = (original: Counts): Counts => {
  const counts: Record<string, number> = { ...original };
  for (const { by } of DIFFERENCES)
    for (const [type, more] of Object.entries(by(original))) counts[type] = (counts[type] ?? 0) + more;
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
};

let slipway: TestSlipway;
const branches = new Map<string, Branch>();
const deployments = new Map<string, Deployment>();

beforeAll(async () => {
  if (!hasFixtures) return;
  slipway = await startTestSlipway({
    schedules: false,
    moreImages: IMAGES.map((name) => ({ name: `${REGISTRY}/${name}`, repository: 'acme/shop', folder: '' })),
  });
  await configure();
  await Promise.all(Object.entries(APPLICATIONS).map(([name, application]) => deployFirst(name, application)));
}, 200_000);

afterAll(() => slipway?.stop());

/** The example's environment with all that the applications ask of theirs; `ecsCluster` says how its tasks are launched. */
const configure = async (ecsCluster: object = {}) => {
  const file = parse(readFileSync(join(ROOT, 'examples/local.yaml'), 'utf8'));
  const [dev] = file.environments;
  const [{ policyArn }] = dev.aws.iamPolicies;
  const vars = ['o5-deployer-assume-role', 'upstream-jwks'].map((name) => ({ name, value: `the ${name}` }));
  const iamPolicies = ['assume-o5-deployer', 'sqs-direct'].map((name) => ({ name, policyArn }));
  Object.assign(file.cluster.aws.ecsCluster, ecsCluster);
  const environments = [{ ...dev, vars, aws: { ...dev.aws, iamPolicies } }];
  const applied = await applyConfiguration(slipway.ports, {
    file: { path: 'o5.yaml', text: stringify({ ...file, environments }) },
    actor: 'test',
  });
  if (applied.kind === 'invalid') throw new Error(JSON.stringify(applied.errors, undefined, 2));
};

/** Where an application has secrets, its infrastructure comes first, and people fill them, as in an account. */
const deployFirst = async (name: string, { secrets = {}, stack }: Application) => {
  const branch = await slipway.branch(`o5/${name}`);
  branches.set(name, branch);
  const commit = await push(branch, name, stack);
  if (Object.keys(secrets).length > 0)
    expect(await deploy(branch, commit, 'infra-only')).toMatchObject({ status: 'DONE' });
  const client = new SecretsManagerClient(clientSettings(slipway.cloud));
  for (const [secret, SecretString] of Object.entries(secrets))
    await client.send(
      new PutSecretValueCommand({ SecretId: `/dev/${stack.slice('dev-'.length)}/${secret}`, SecretString }),
    );
  client.destroy();
  deployments.set(name, await deploy(branch, commit));
};

/** Only the host of the images differs from what the authors published: nobody here can ask theirs. */
const push = (branch: Branch, name: string, stack: string): Promise<string> =>
  branch.push({
    Dockerfile: 'FROM node:24-alpine\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["node", "/app/server.js"]\n',
    'package.json': '{ "name": "service", "private": true, "type": "module" }\n',
    'server.js': serverOf(stack),
    'ext/o5/app.yaml': fixture(name).replaceAll('ghcr.io/pentops', REGISTRY),
  });

const branchOf = (name: string): Branch => {
  const branch = branches.get(name);
  if (!branch) throw new Error(`${name} was not deployed`);
  return branch;
};

const deploy = async (branch: Branch, commit: string, strategy = 'full'): Promise<Deployment> => {
  const { executions, ports } = slipway;
  const id = randomUUID();
  const ref = `refs/heads/${branch.name}`;
  const input = { id, repository: 'acme/shop', ref, commit, environment: 'dev', actor: 'ada', strategy };
  await executions.start('request', id, input);
  const { output } = await executions.ended(executions.arnOf('request', id));
  const { deploymentId } = (output as { readonly targets?: readonly { deploymentId?: string }[] }).targets?.[0] ?? {};
  if (!deploymentId) throw new Error(`${branch.name} was not accepted: ${JSON.stringify(output)}`);
  const find = () => ports.deployments.find(deploymentId);
  return until(
    `the end of ${branch.name}`,
    async () => {
      const found = await find();
      return found && isEnded(found.status) && found;
    },
    async () => JSON.stringify(await find(), undefined, 2),
  );
};

const countsOf = async (StackName: string): Promise<Counts> => {
  const client = new CloudFormationClient(clientSettings(slipway.cloud));
  const { StackResourceSummaries = [] } = await client.send(new ListStackResourcesCommand({ StackName }));
  client.destroy();
  const counts: Record<string, number> = {};
  for (const { ResourceType = '' } of StackResourceSummaries) {
    const type = ResourceType.slice('AWS::'.length);
    counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
};

/** What the listener answers by a host: status and text. */
const ask = (path: string, host = 'dev.example'): Promise<string> =>
  new Promise((resolve, reject) => {
    const asked = request(new URL(path, slipway.url), { headers: { host } }, async (response) =>
      resolve(`${response.statusCode} ${await text(response)}`),
    );
    asked.on('error', reject);
    asked.end();
  });

/** How many messages stand in a queue. */
const waitingIn = async (queueName: string): Promise<number> => {
  const { endpoint, region, account } = slipway.cloud;
  const client = new AwsClient({
    ...{ accessKeyId: 'operator', secretAccessKey: 'secret', region, service: 'sqs', retries: 0 },
  });
  const response = await client.fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.GetQueueAttributes' },
    body: JSON.stringify({ QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${queueName}` }),
  });
  const { Attributes } = (await response.json()) as { readonly Attributes: Readonly<Record<string, string>> };
  return Number(Attributes['ApproximateNumberOfMessages']);
};

for (const [name, { stack, paths, host, original }] of Object.entries(APPLICATIONS))
  testWithFixtures(
    `${name} is deployed whole, with the original's resources but for what is said above, and answers`,
    async () => {
      expect(deployments.get(name)).toMatchObject({ status: 'DONE' });
      expect(await countsOf(stack)).toEqual(expectedCounts(original));
      for (const path of paths) expect(await ask(path, host)).toBe(`200 ${stack} ${path}`);
    },
  );

testWithFixtures('j5 changes two variables of the registry, and that is a release of the same stack', async () => {
  const branch = branchOf('registry');
  const before = await countsOf('dev-registry');
  expect(await deploy(branch, await push(branch, 'j5', 'dev-registry'))).toMatchObject({ status: 'DONE' });
  expect(await countsOf('dev-registry')).toEqual(before);
  expect(await ask('/registry/v1/images')).toBe('200 dev-registry /registry/v1/images');
});

testWithFixtures(
  'an application moves to Fargate, where its containers are one host to each other, and answers again',
  async () => {
    const branch = branchOf('trigger');
    const before = await countsOf('dev-trigger');
    await configure({ launchType: 'FARGATE', subnetIds: ['subnet-00000001'] });
    try {
      expect(await deploy(branch, await push(branch, 'trigger', 'dev-trigger'))).toMatchObject({
        status: 'DONE',
        plan: { reasons: expect.arrayContaining([expect.stringMatching(/^ECSServiceMain is replaced/)]) },
      });
    } finally {
      await configure();
    }
    expect(await countsOf('dev-trigger')).toEqual(before);
    expect(await ask('/trigger/v1/ticks')).toBe('200 dev-trigger /trigger/v1/ticks');
  },
);

testWithFixtures(
  'a message on the bus stands in the queues of those that subscribed to it, and in no other',
  async () => {
    const client = new EventBridgeClient(clientSettings(slipway.cloud));
    const send = (detail: object) => ({
      EventBusName: 'applications',
      Source: 'test',
      DetailType: 'message',
      Detail: JSON.stringify(detail),
    });
    await client.send(
      new PutEventsCommand({
        Entries: [
          send({ sourceEnv: 'dev', grpcService: 'o5.trigger.v1.topic.TriggerTopic', grpcMethod: 'Tick' }),
          send({ sourceEnv: 'prod', grpcService: 'o5.trigger.v1.topic.TriggerTopic', grpcMethod: 'Tick' }),
          // Dead messages of every environment are one application's business.
          send({ sourceEnv: 'prod', grpcService: 'o5.messaging.v1.topic.DeadMessageTopic', grpcMethod: 'Dead' }),
          // An answer to somebody else.
          send({
            ...{ sourceEnv: 'dev', grpcService: 'o5.aws.infra.v1.topic.ECSReplyTopic', grpcMethod: 'ECSTaskStatus' },
            reply: { replyTo: 'dev/other' },
          }),
        ],
      }),
    );
    client.destroy();
    await until(
      'the messages',
      async () => (await waitingIn('dev-dante-main')) + (await waitingIn('dev-trigger-main')) > 1,
    );
    const queues = ['dante', 'trigger', 'o5deploy', 'registry'].map((application) => `dev-${application}-main`);
    expect(await Promise.all(queues.map(waitingIn))).toEqual([1, 1, 0, 0]);
  },
);
