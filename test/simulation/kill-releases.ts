import { canonical } from '../../functions/domain/canonical.ts';
import type { Release } from '../../functions/domain/release.ts';
import { releaseKey } from '../../functions/operations/step-context.ts';
import type { ClusterPorts } from '../../functions/ports.ts';
import { aRelease, type MemoryPorts, type MemorySlipway } from '../support/memory-slipway.ts';
import { aDeployment, anEntry, identity, triggered } from '../support/records.ts';
import { sha256 } from '../support/sample-configuration.ts';
import { DOCUMENTS, type KillClouds } from './kill-clouds.ts';
import type { KillRoute } from './kill-routes.ts';

export const STACK = 'prod-shop';
export const SOMEBODY = 'somebody';

const MIGRATION = '-- migrate:up\nSELECT 1;\n-- migrate:down\n';

/** One service, whose count is a parameter, and something that an import may take over. */
const templateOf = (n: number): Release['template'] => ({
  Parameters: { DesiredCountMain: { Type: 'Number' } },
  Resources: {
    ECSServiceMain: {
      Type: 'AWS::ECS::Service',
      Properties: { DesiredCount: { Ref: 'DesiredCountMain' }, Version: n },
    },
    Photos: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', Properties: { BucketName: 'photos' } },
  },
});

const keyOf = (n: number) => `templates/${sha256(canonical(templateOf(n)))}.json`;

/** Where CloudFormation reads the template of the n-th release. */
export const templateUrlOf = (n: number): string => `${DOCUMENTS}${keyOf(n)}`;

/** The n-th release, as the route's application wishes it; 0 is what ran before. */
export const releaseOf = (n: number, { mode }: Pick<KillRoute, 'mode'> = {}): Release => {
  const release = aRelease(n);
  const files = (database: Release['databases'][number]) =>
    database.migrations.files.map((file) => ({ ...file, content: MIGRATION }));
  return {
    ...release,
    template: templateOf(n),
    parameters: [{ kind: 'desiredCount', name: 'DesiredCountMain', runtime: 'main', initial: 1 }],
    databases: release.databases.map((database) => ({
      ...database,
      migrations: { ...database.migrations, files: files(database) },
    })),
    ...(mode && { mode: { use: mode, reason: 'the route says so' } }),
  };
};

/** What stands when the first deployment of a route begins. */
export const prepareRoute = async (
  slipway: MemorySlipway,
  ports: MemoryPorts,
  clouds: KillClouds,
  route: KillRoute,
): Promise<void> => {
  await ports.documents.put(releaseKey('r1'), releaseOf(1, route));
  await ports.documents.put(releaseKey('r2'), releaseOf(2));
  slipway.pushed.push('v0', 'v1', 'v2');
  if (!route.first) await deployedBefore(slipway, ports, clouds);
  if (route.mode === 'NOP' || route.fails === 'update') clouds.migrated('1');
  if (route.busy) await update(clouds.aws.stacks, 0, SOMEBODY);
};

/** Release 0 runs, and its deployment has let its stack go. */
const deployedBefore = async ({ stacks }: MemorySlipway, ports: MemoryPorts, clouds: KillClouds) => {
  await ports.documents.put(releaseKey('r0'), releaseOf(0));
  await ports.documents.put(keyOf(0), templateOf(0));
  const end = () => {
    for (const one of stacks.underWay()) one();
  };
  await clouds.aws.stacks.createEmpty(STACK, 'created before');
  end();
  await update(clouds.aws.stacks, 0, 'updated before');
  end();
  await clouds.databaseMade(ports);
  const deploymentId = 'before';
  await ports.deployments.create(aDeployment({ id: deploymentId, release: 'r0' }));
  await ports.stacks.apply(STACK, triggered(anEntry(deploymentId)), identity);
  await ports.stacks.apply(STACK, { type: 'Claimed', deploymentId });
  for (const event of wholeLife) await ports.deployments.apply(deploymentId, event);
  await ports.stacks.apply(STACK, { type: 'DeploymentCompleted', deploymentId, fence: 1, release: 'r0' });
};

const wholeLife = [
  { type: 'Triggered', fence: 1 },
  { type: 'StackWaitStarted', executionArn: 'an earlier execution' },
  { type: 'StackFound' },
  { type: 'PlanStarted' },
  { type: 'Completed' },
] as const;

const update = async (stacks: ClusterPorts['stacks'], n: number, token: string) => {
  const templateUrl = templateUrlOf(n);
  const { id } = await stacks.prepare({ stackName: STACK, name: token, templateUrl, parameters: {}, token });
  await stacks.execute(id, token);
};
