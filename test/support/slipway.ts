import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type LocalOptions, type LocalSlipway, startSlipway } from '../../bin/local/start-slipway.ts';
import { ROOT } from '../../bin/local/synthesise.ts';
import { newClone, type WorkingClone } from '../../bin/local/working-clone.ts';
import { type Deployment, isEnded } from '../../functions/domain/deployment/deployment.ts';
import { applyConfiguration } from '../../functions/operations/apply-configuration.ts';
import { leapingClock, type MovableClock } from '../../infra/local/clock.ts';
import { type Account, accountOf } from './account.ts';
import { type Executions, executionsOf, tellHistory } from './executions.ts';
import { makeStateFolder, removeStateFolder } from './memory-folder.ts';
import { reapFolders } from './reap-folders.ts';
import { until } from './until.ts';
import { noteGrants } from './used-grants.ts';

/** Files of one commit, by path; `undefined` takes a file away. */
export type Files = Readonly<Record<string, string | undefined>>;

export interface Branch {
  readonly name: string;
  readonly clone: WorkingClone;
  /** Writes the files, commits and pushes them. Answers the commit. */
  push(files: Files): Promise<string>;
}

export interface TestSlipway extends LocalSlipway {
  readonly directory: string;
  readonly clock: MovableClock;
  readonly executions: Executions;
  readonly account: Account;
  /** A clone of acme/shop that stands on a branch of its own, with no history in common with others. */
  branch(name: string): Promise<Branch>;
  /** Applies examples/local.yaml with more environments, more targets of its repository, and more server groups of its cluster. */
  configure(more: {
    environments?: readonly Named[];
    targets?: readonly object[];
    rdsHosts?: readonly object[];
  }): Promise<void>;
  /** The deployment of a commit to a stack, once it has ended and its execution too. */
  ended(stackName: string, commit: string): Promise<Deployment>;
  /** The same once it fits. */
  deployed(
    stackName: string,
    commit: string,
    fits: (deployment: Deployment) => boolean,
    what: string,
  ): Promise<Deployment>;
  /** What a path of the applications' listener answers: status and first line. */
  ask(path?: string): Promise<string>;
}

let started = 0;

/** Slipway on the embedded cloud, for one test file; `stop` leaves no process and no file. */
export const startTestSlipway = async (
  options: Partial<Omit<LocalOptions, 'directory' | 'clock'>> = {},
): Promise<TestSlipway> => {
  // Below the repository: the example finds its packages by walking up from its checkout.
  const parent = join(ROOT, '.slipway/tests');
  await reapFolders(parent);
  const directory = join(parent, `${process.pid}-${process.env['JEST_WORKER_ID'] ?? ''}-${started++}`);
  const clock = leapingClock();
  const remove = () => removeStateFolder(directory);
  makeStateFolder(directory);
  const note = noteGrants();
  const observeIam: LocalOptions['observeIam'] = (decision) => {
    note(decision);
    options.observeIam?.(decision);
  };
  const slipway = await startSlipway({ ...options, observeIam, directory, clock }).catch((error: unknown) => {
    remove();
    throw error;
  });
  const { ports } = slipway;
  const executions = executionsOf(slipway.cloud);
  const find = async (stackName: string, commit: string) =>
    (await ports.deployments.listOfStack(stackName, 50)).find(({ version }) => version === commit);

  const deployed: TestSlipway['deployed'] = (stackName, commit, fits, what) => {
    let id: string | undefined;
    return until(
      `${what}: ${stackName} at ${commit}`,
      async () => {
        // A record that is known is looked at by itself: all of a stack's are a hundred times as much to read.
        const deployment = id ? await ports.deployments.find(id) : await find(stackName, commit);
        id ??= deployment?.id;
        return deployment && fits(deployment) && deployment;
      },
      async () => tell(executions, await find(stackName, commit)),
    );
  };
  return {
    ...slipway,
    directory,
    clock,
    executions,
    account: accountOf(slipway.cloud),
    deployed,
    ended: async (stackName, commit) => {
      const deployment = await deployed(stackName, commit, ({ status }) => isEnded(status), 'the end of a deployment');
      if (deployment.executionArn) await executions.ended(deployment.executionArn);
      return deployment;
    },
    branch: async (name) => branchOf(join(directory, 'clones', name.replace(/\W/g, '-')), name, slipway),
    configure: (more) => configure(slipway, more),
    ask: async (path = '/') => {
      const response = await fetch(new URL(path, slipway.url));
      return `${response.status} ${(await response.text()).split('\n')[0]}`;
    },
    stop: async () => {
      await slipway.stop();
      remove();
    },
  };
};

const branchOf = async (directory: string, name: string, { github }: LocalSlipway): Promise<Branch> => {
  const clone = await newClone(directory, github.gitUrl('acme', 'shop'), name);
  return {
    name,
    clone,
    push: async (files) => {
      for (const [path, content] of Object.entries(files)) write(join(directory, path), content);
      // One process that starts the others: to start one from here is dear, as this one holds a whole cloud.
      return clone.git('-c', `alias.ship=${SHIP}`, 'ship', `Changes ${Object.keys(files).join(', ')}`);
    },
  };
};

const SHIP =
  '!f() { git add --all && git commit --quiet --allow-empty --message "$1" && git push --quiet origin HEAD && git rev-parse HEAD; }; f';

const write = (path: string, content: string | undefined) => {
  if (content === undefined) return rmSync(path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};

interface Named {
  readonly fullName: string;
  readonly [key: string]: unknown;
}

interface CombinedFile {
  readonly cluster: { readonly aws: { readonly rdsHosts: readonly object[] } };
  readonly environments: readonly { readonly aws?: object }[];
  readonly repositories: readonly { readonly targets: readonly object[] }[];
}

const configure: (slipway: LocalSlipway, more: Parameters<TestSlipway['configure']>[0]) => Promise<void> = async (
  { ports },
  { environments = [], targets = [], rdsHosts = [] },
) => {
  // Stories have environments of their own below the prefix of `dev`, whose rights they share.
  const askCluster: typeof ports.askCluster = async (cluster) => {
    const check = await ports.askCluster(cluster);
    if (check.kind !== 'answered') return check;
    const names = environments.map(({ fullName }) => fullName);
    return { ...check, answer: { ...check.answer, environments: [...check.answer.environments, ...names] } };
  };
  const file = parse(readFileSync(join(ROOT, 'examples/local.yaml'), 'utf8')) as CombinedFile;
  const { aws } = file.cluster;
  const text = stringify({
    ...file,
    cluster: { ...file.cluster, aws: { ...aws, rdsHosts: [...aws.rdsHosts, ...rdsHosts] } },
    environments: [...file.environments, ...environments.map((each) => ({ aws: file.environments[0]?.aws, ...each }))],
    repositories: file.repositories.map((each) => ({ ...each, targets: [...each.targets, ...targets] })),
  });
  const applied = await applyConfiguration(
    { ...ports, askCluster },
    { file: { path: 'test.yaml', text }, actor: 'test' },
  );
  if (applied.kind === 'invalid') throw new Error(JSON.stringify(applied.errors, undefined, 2));
};

/** The record of a deployment and the end of its execution's history, for the message of a story that went wrong. */
const tell = async (executions: Executions, deployment: Deployment | undefined): Promise<string> => {
  if (!deployment) {
    const requests = await executions.list('request');
    const [last] = requests;
    return `There is no such deployment. Newest request: ${last}\n${last ? tellHistory(await executions.history(last)) : ''}`;
  }
  const { executionArn } = deployment;
  const history = executionArn ? tellHistory(await executions.history(executionArn)) : 'no execution';
  return `${JSON.stringify(deployment, undefined, 2)}\n${history}`;
};
