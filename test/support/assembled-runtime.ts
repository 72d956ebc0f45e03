import { assembledContainer, type Declared } from './assembled-container.ts';
import { type Parts, picked, type RandomRuntime } from './random-parts.ts';

export type AssembledRuntime = ReturnType<typeof assembledRuntimes>[number];

/** Runtimes that run as their cluster runs them, each with routes that match requests of their own. */
export const assembledRuntimes = (parts: Parts, declared: Declared) => {
  const taken = new Set<string>();
  return parts.runtimes.map((runtime) => {
    const routes = routesOf(runtime, taken).map((route) => ({ ...route, ...targetOf(route, runtime, parts) }));
    const subscriptions = subscriptionsOf(runtime, parts);
    const relayed = [...routes.filter((route) => !route.bypassIngress && !runtime.directIngress), ...subscriptions];
    return {
      name: runtime.name,
      desiredCount: runtime.desiredCount,
      directIngress: runtime.directIngress,
      containers: runtime.containers.map(({ name, ...container }) => {
        const isCalled = relayed.some(({ targetContainer = runtime.containers[0]?.name }) => targetContainer === name);
        return { name, ...assembledContainer(asRun(container, isCalled, parts), declared) };
      }),
      routes,
      subscriptions,
      workerConfig: runtime.worker,
      namedEnvPolicies: runtime.policies.flatMap((pick) => picked(parts.environment.aws.iamPolicies, pick)?.name ?? []),
    };
  });
};

type RandomContainer = Omit<RandomRuntime['containers'][number], 'name'>;

/** Fargate has no Docker, and on a bridge a container that the sidecar calls cannot call it. */
const asRun = (container: RandomContainer, isCalled: boolean, { launchType }: Parts): RandomContainer =>
  launchType === 'FARGATE'
    ? { ...container, dockerSocket: false }
    : { ...container, variables: container.variables.filter(({ kind }) => !isCalled || kind !== 'o5') };

const routesOf = ({ routes }: RandomRuntime, taken: Set<string>) =>
  routes.filter(({ prefix, subdomains }) => {
    const hosts = subdomains.length > 0 ? subdomains : [''];
    const requests = hosts.map((host) => `${host} ${prefix.replace(/\*+$/, '')}`);
    if (requests.some((request) => taken.has(request))) return false;
    for (const request of requests) taken.add(request);
    return true;
  });

const subscriptionsOf = (runtime: RandomRuntime, parts: Parts) => {
  const links = ['*', ...parts.environment.aws.environmentLinks.map(({ lookupName }) => lookupName)];
  return runtime.subscriptions.map(({ environment, raw, ...subscription }) => ({
    ...subscription,
    rawMessage: isRaw(subscription.name, raw),
    // Infrastructure belongs to the cluster, which all of its environments share.
    envName:
      environment === undefined || subscription.name.startsWith('o5-infra/') ? undefined : picked(links, environment),
    ...targetOf(subscription, runtime, parts),
  }));
};

/** Topics carry what they are given. A queue gets each message of a topic of SNS once, so all who ask for it agree. */
const isRaw = (name: string, raw: boolean) =>
  name.startsWith('o5-infra/') ? name === 'o5-infra/a-b' : raw && !/^(\/|global\/)/.test(name);

/** The containers of a task on Fargate are one host, on which each port is that of one of them. */
const targetOf = (
  { container, port }: { readonly container: number | undefined; readonly port: number | undefined },
  { containers }: RandomRuntime,
  { launchType }: Parts,
) => {
  const index = (container ?? 0) % containers.length;
  return {
    container: undefined,
    targetContainer: container === undefined ? undefined : containers[index]?.name,
    port: launchType === 'FARGATE' ? 1000 * (index + 1) + ((port ?? 0) % 7) : port,
  };
};
