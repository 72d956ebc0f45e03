import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { World } from '../part.ts';
import { appAuth } from './app-auth.ts';
import { type AppSpec, appsOf } from './apps.ts';
import { type Delivery, deliveriesOf, type Webhook } from './deliveries.ts';
import { type DeliveryFaults, deliveryFaultsOf } from './delivery-faults.ts';
import { type Faults, faultsOf } from './faults.ts';
import { requireGit } from './git.ts';
import { findGitRequest, serveGit } from './git-http.ts';
import { gitRepository, initRepository } from './git-repository.ts';
import { type OnPush, pushesOf } from './pushes.ts';
import { type CheckRun, type CommitStatus, type Deployment, recordsOf } from './records.ts';
import type { Repository, RepositorySpec } from './repository.ts';
import { repositoryJson } from './repository.ts';
import { restApi } from './rest.ts';
import { appRoutes } from './routes-app.ts';
import { checkRoutes } from './routes-checks.ts';
import { contentsRoutes } from './routes-contents.ts';
import { deliveryRoutes } from './routes-deliveries.ts';
import { deploymentRoutes } from './routes-deployments.ts';
import { gitRoutes, TREE_LIMIT, type TreeLimit } from './routes-git.ts';
import { repositoryRoutes } from './routes-repository.ts';
import { statusRoutes } from './routes-statuses.ts';
import { findWebPage } from './web-pages.ts';

export interface GitHubOptions {
  /** Where the bare repositories lie. */
  readonly directory: string;
  readonly repositories: readonly RepositorySpec[];
  readonly app: AppSpec;
  /** Asked at every event; none is sent while it gives nothing. */
  readonly webhook: () => Webhook | undefined;
  /** Runs for every ref that moved, before its delivery is sent. */
  readonly onPush?: OnPush;
  /** Takes pushes but tells nobody until `speak`: whoever is to be told is not there yet. */
  readonly silent?: boolean;
  readonly port?: number;
  readonly treeLimit?: TreeLimit;
  /** Requests an hour and token; 5,000 unless given. */
  readonly rateLimit?: number;
}

export interface GitHub extends Pick<Faults, 'fail'>, DeliveryFaults {
  /** What GITHUB_API_URL names. */
  readonly apiUrl: string;
  /** What `git clone` and `git push` take. */
  gitUrl(owner: string, name: string): string;
  bareDirectory(owner: string, name: string): string;
  /** Newest first. */
  deliveries(): readonly Delivery[];
  redeliver(id: number): Promise<Delivery | undefined>;
  /** Sends a `ping`, as GitHub does when a webhook is set up. */
  ping(): Promise<void>;
  /** Newest first. */
  checkRuns(sha: string): readonly CheckRun[];
  deployments(sha: string): readonly Deployment[];
  statuses(sha: string): readonly CommitStatus[];
  /** Ends the silence, and tells what was pushed in it and what the last life did not come to tell. */
  speak(): Promise<void>;
  /** Ends when every push so far was told to `onPush` and delivered. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * GitHub on this machine: git over HTTP, signed deliveries after a push, and the REST paths of an App.
 * @throws Error when git is missing
 */
export const startGitHub = async (world: World, options: GitHubOptions): Promise<GitHub> => {
  requireGit();
  const { app, directory, webhook, onPush } = options;
  const bareDirectory = (owner: string, name: string) => join(directory, owner, `${name}.git`);
  for (const { owner, name, defaultBranch } of options.repositories)
    await initRepository(bareDirectory(owner, name), defaultBranch);

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      world.log(`GitHub failed to answer ${incoming.method} ${incoming.url}: ${error}`);
      if (!outgoing.headersSent) outgoing.writeHead(500);
      outgoing.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gitUrl = (owner: string, name: string) => `${apiUrl}/${owner}/${name}.git`;

  const repositories = options.repositories.map((spec): Repository => {
    const { owner, name } = spec;
    const urls = {
      url: `${apiUrl}/repos/${owner}/${name}`,
      htmlUrl: `${apiUrl}/${owner}/${name}`,
      cloneUrl: gitUrl(owner, name),
    };
    return { ...spec, ...urls, git: gitRepository(bareDirectory(owner, name)) };
  });
  const findRepository = (owner: string, name: string) =>
    repositories.find((each) => sameName(each.owner, owner) && sameName(each.name, name));

  const records = recordsOf(world);
  const apps = appsOf(world, app, options.repositories[0]?.owner ?? 'local', webhook);
  const auth = appAuth(world, apps);
  const faults = faultsOf();
  const deliveryFaults = deliveryFaultsOf();
  const deliveries = deliveriesOf(world, apps, deliveryFaults);
  const pushes = pushesOf(world, deliveries, apps, onPush);
  const answerRest = restApi({
    world,
    auth,
    findRepository,
    fault: faults.check,
    installationId: app.installationId,
    rateLimit: options.rateLimit ?? 5_000,
    routes: [
      ...appRoutes({ apps, auth, repositories }),
      ...deliveryRoutes(deliveries),
      ...checkRoutes(records, app.id),
      ...statusRoutes(records),
      ...deploymentRoutes(records),
      ...gitRoutes(options.treeLimit ?? TREE_LIMIT),
      ...contentsRoutes,
      ...repositoryRoutes,
    ],
  });
  const receiving = new Map<string, Promise<void>>();

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url ?? '/', apiUrl);
    const request = findGitRequest(url);
    const page = request ? undefined : findWebPage(apps, incoming.method ?? 'GET', url);
    if (page) return page(incoming, outgoing);
    if (!request) return answerRest(incoming, outgoing, apiUrl);
    const repository = findRepository(request.owner, request.name);
    if (!repository) {
      outgoing.writeHead(404).end(`remote: Repository not found: ${request.owner}/${request.name}\n`);
      return;
    }
    const bare = repository.git.directory;
    if (request.isAdvertisement || request.service === 'upload-pack')
      return serveGit(incoming, outgoing, bare, request, async () => undefined);
    // One push at a time, so that each sees just what it moved itself.
    const turn = (receiving.get(bare) ?? Promise.resolve()).then(() =>
      serveGit(incoming, outgoing, bare, request, async () => {
        if (!isSilent) await pushes.announce(repository);
      }),
    );
    receiving.set(
      bare,
      turn.catch(() => undefined),
    );
    return turn;
  };

  let isSilent = options.silent ?? false;
  const speak = async () => {
    isSilent = false;
    pushes.resume();
    for (const repository of repositories) await pushes.announce(repository);
  };
  if (!isSilent) await speak();

  return {
    apiUrl,
    speak,
    gitUrl,
    bareDirectory,
    deliveries: deliveries.list,
    redeliver: deliveries.redeliver,
    fail: faults.fail,
    lose: deliveryFaults.lose,
    failDelivery: deliveryFaults.failDelivery,
    settled: pushes.settled,
    ping: async () => {
      const [first] = repositories;
      const declared = apps.find(app.id);
      if (!declared) return;
      const hook = { type: 'App', id: 424242, name: 'web', active: true, events: ['push'], app_id: app.id };
      const delivery = deliveries.record(declared, 'ping', null, {
        zen: 'Practicality beats purity.',
        hook_id: hook.id,
        hook: { ...hook, config: { content_type: 'json', insecure_ssl: '0', url: apps.hookOf(declared)?.url } },
        ...(first && { repository: repositoryJson(first) }),
      });
      if (delivery !== undefined) await deliveries.send(delivery);
    },
    checkRuns: (sha) => records.checkRuns.list(({ headSha }) => headSha === sha),
    deployments: (sha) => records.deployments.list((row) => row.sha === sha),
    statuses: (sha) => records.statuses.list((row) => row.sha === sha),
    stop: async () => {
      deliveries.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all(receiving.values());
      await pushes.settled();
      for (const { git } of repositories) git.close();
    },
  };
};

/** GitHub takes names of owners and repositories in any case. */
const sameName = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
