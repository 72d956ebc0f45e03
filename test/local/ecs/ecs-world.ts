import { dirname, join } from 'node:path';
import {
  type ContainerDefinition,
  DescribeTasksCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  type RunTaskCommandInput,
  type Task,
} from '@aws-sdk/client-ecs';
import { createBalancer } from '../../../infra/local/balancer/balancer.ts';
import { createEcs } from '../../../infra/local/ecs/ecs.ts';
import { identityOf } from '../../../infra/local/ecs/process-mark.ts';
import { createIam } from '../../../infra/local/iam/iam.ts';
import { createImages } from '../../../infra/local/images/images.ts';
import { temporaryFolder, testRepository } from '../images/git-repository.ts';
import { create, eventually, startedFront, testWorld } from '../test-world.ts';

export const SHOP = '111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop';
const SIDECAR = join(import.meta.dirname, '../../../bin/local/o5-sidecar.mjs');
export const PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;

/** Serves its version; `/slow` answers late; `/crash` ends it; unhealthy while SICK is set. Ends in order on SIGTERM. */
const SERVER = `
import { createServer } from 'node:http';
const server = createServer((request, response) => {
  if (request.url === '/healthz') return response.writeHead(process.env.SICK ? 500 : 200).end();
  if (request.url === '/crash') process.exit(9);
  const answer = () => response.end(process.env.VERSION ?? 'none');
  if (request.url === '/slow') setTimeout(answer, 100);
  else answer();
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
process.on('SIGTERM', () => {
  console.log('SIGTERM');
  server.close(() => process.exit(0));
});
`;

const FILES = {
  'app/Dockerfile': 'FROM node:24\nWORKDIR /app\nENV FROM_IMAGE=yes\nCOPY . .\nCMD ["node", "/app/server.mjs"]\n',
  'app/server.mjs': SERVER,
  'app/print.mjs': 'console.log(JSON.stringify({ ...process.env, cwd: process.cwd(), uid: process.getuid() }));\n',
  'app/stubborn.mjs': "process.on('SIGTERM', () => console.log('no')); setInterval(() => console.log('tick'), 20);\n",
};

type Container = Partial<ContainerDefinition>;

interface Given {
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly world?: ReturnType<typeof testWorld>;
  /** Of an earlier world that this one continues; it is then not removed at the end. */
  readonly folder?: string;
  /** What execution roles may pull is judged by their policies. */
  readonly judgesRoles?: true;
}

/** The three parts behind one front over a temporary repository that holds one image. */
export const ecsWorld = async (given: Given = {}) => {
  const folder = given.folder ? { path: given.folder, remove: () => undefined } : temporaryFolder();
  const world = given.world ?? testWorld();
  const repository = testRepository(folder.path);
  const images = createImages(world, {
    directory: join(folder.path, 'images'),
    sources: [
      { name: SHOP, repository: repository.path, repositoryName: 'acme/shop', folder: 'app' },
      { name: 'ghcr.io/acme/*', standIn: true },
      { name: 'ghcr.io/pentops/o5-runtime-sidecar', standIn: true, program: SIDECAR },
    ],
  });
  const balancer = createBalancer(world);
  const secrets: Record<string, string> = {};
  const lines: Record<string, string[]> = {};
  const iam = createIam(world);
  let endpoint = '';
  const ecs = createEcs(world, {
    images,
    balancer,
    ...(given.judgesRoles && {
      authorizeRole: iam.authorizeRole,
      mayAssume: (roleArn: string) => iam.serviceMayAssume(roleArn, 'ecs-tasks.amazonaws.com'),
    }),
    containerCredentials: { credentialsFor: iam.credentialsFor, endpoint: () => endpoint },
    readSecret: (id, key) => secrets[key ? `${id}:${key}` : id],
    appendLog: (group, stream, added) => {
      lines[`${group} ${stream}`] = [...(lines[`${group} ${stream}`] ?? []), ...added];
    },
    directory: join(folder.path, 'ecs'),
    path: PATH,
    ...(given.user ? { user: given.user } : {}),
  });
  await balancer.start?.();
  await ecs.start?.();
  const front = await startedFront(iam, [images, balancer, ecs], ecs.unsigned);
  endpoint = front.url;
  const client = new ECSClient(front.operator);
  await create(ecs, 'AWS::ECS::Cluster', 'Cluster', { ClusterName: 'main' });
  const sha = repository.commit(FILES);
  await images.publish('acme/shop', sha);
  const image = `${SHOP}:${sha}`;

  const register = async (containers: readonly Container[] = [{}], more: object = {}): Promise<string> => {
    const containerDefinitions = containers.map((one, index) => ({
      name: index ? `c${index}` : 'main',
      image,
      ...one,
    }));
    const { taskDefinition } = await client.send(
      new RegisterTaskDefinitionCommand({ family: 'shop', containerDefinitions, ...more }),
    );
    return taskDefinition?.taskDefinitionArn ?? '';
  };
  const run = async (
    containers: readonly Container[],
    more: Partial<RunTaskCommandInput> = {},
    definition: object = {},
  ): Promise<string> => {
    const taskDefinition = await register(containers, definition);
    const { tasks } = await client.send(new RunTaskCommand({ cluster: 'main', taskDefinition, ...more }));
    return tasks?.[0]?.taskArn ?? '';
  };
  const describe = async (arn: string): Promise<Task> => {
    const { tasks } = await client.send(new DescribeTasksCommand({ cluster: 'main', tasks: [arn], include: ['TAGS'] }));
    return tasks?.[0] ?? {};
  };
  /** Details of a task's events, in the order in which they came. */
  const eventsOf = (arn: string) =>
    world.emitted
      .filter((event) => event['detail-type'] === 'ECS Task State Change' && event.resources?.[0] === arn)
      .map(({ detail }) => detail as Task & { stoppedAt?: string });
  const reached = async (arn: string, status: string): Promise<Task> => {
    await eventually(`${arn} ${status}`, () => eventsOf(arn).some(({ lastStatus }) => lastStatus === status));
    return describe(arn);
  };
  return {
    world,
    folder,
    images,
    repository,
    balancer,
    ecs,
    iam,
    front,
    client,
    secrets,
    lines,
    image,
    register,
    run,
    describe,
    eventsOf,
    reached,
    close: async () => {
      client.destroy();
      await front.close();
      await ecs.stop?.();
      await balancer.stop?.();
      await images.stop?.();
      folder.remove();
    },
  };
};

export type EcsWorld = Awaited<ReturnType<typeof ecsWorld>>;

/** A container that runs a line of JavaScript. */
export const script = (text: string): Container => ({ command: ['node', '--input-type=module', '--eval', text] });

/** A zombie that nobody has collected yet counts as gone. */
export const isAlive = (pid: number): boolean => identityOf(pid) !== undefined;
