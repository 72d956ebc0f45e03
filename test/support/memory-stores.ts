import { headsKnown } from '../../functions/adapters/aws/heads-known.ts';
import type { Callback } from '../../functions/domain/callback.ts';
import { called, completed, intended, told } from '../../functions/domain/callback-transition.ts';
import { claimDatabase } from '../../functions/domain/database/claim-database.ts';
import { type Deployment, isEnded } from '../../functions/domain/deployment/deployment.ts';
import { noted, requested, stepPut } from '../../functions/domain/deployment/record.ts';
import {
  type DeploymentTransition,
  transition as deploymentTransition,
} from '../../functions/domain/deployment/transition.ts';
import type { Cluster, Environment } from '../../functions/domain/environment/environment.ts';
import type { DeliveryLook } from '../../functions/domain/failed-delivery.ts';
import { StepFailure } from '../../functions/domain/failure.ts';
import { type AcceptedCommit, moveAccepted, type PushRequest } from '../../functions/domain/lost-push.ts';
import { sameJson } from '../../functions/domain/same-json.ts';
import { isBusy, type Stack } from '../../functions/domain/stack/stack.ts';
import { transition as stackTransition } from '../../functions/domain/stack/transition.ts';
import { moveHead } from '../../functions/domain/target-head.ts';
import { type ListenerRecord, reservePriorities } from '../../functions/domain/template/rule-priorities.ts';
import { subjectsOf } from '../../functions/domain/token.ts';
import type {
  AuditEvent,
  CallbackStore,
  Clock,
  ConfigurationStore,
  DatabaseRecord,
  DatabaseStore,
  DeploymentStore,
  DocumentStore,
  EventStore,
  ListenerStore,
  Repository,
  StackStore,
  TargetHead,
  TargetStore,
  Written,
} from '../../functions/ports.ts';

/** The stores of Slipway without a database, on the same pure transitions as the real ones. */
export const memoryStackStore = (stacks: readonly Stack[] = []): StackStore => {
  const table = memoryTable<Stack>(stacks.map((stack) => [stack.name, stack]));
  const byName = (a: Stack, b: Stack) => compare(a.name, b.name);
  return {
    find: async (name) => table.find(name),
    apply: async (name, event, identity) =>
      table.move(name, (before) => {
        const answer = stackTransition(before, event, identity && { name, ...identity });
        return answer.kind === 'refused' ? { ...answer, record: before } : { kind: answer.kind, record: answer.stack };
      }),
    listBusy: async () => table.list().filter(isBusy).sort(byName),
    list: async () => table.list().sort(byName),
  };
};

export const memoryDeploymentStore = (
  clock: Pick<Clock, 'now'>,
  deployments: readonly Deployment[] = [],
): DeploymentStore => {
  const table = memoryTable<Deployment>(deployments.map((deployment) => [deployment.id, deployment]));
  const now = () => clock.now().toISOString();
  const move = (id: string, decide: (before: Deployment | undefined) => DeploymentTransition) =>
    table.move(id, (before): Written<Deployment> => {
      const answer = decide(before);
      return answer.kind === 'refused'
        ? { ...answer, record: before }
        : { kind: answer.kind, record: answer.deployment };
    });
  const oldestFirst = (a: Deployment, b: Deployment) => compare(a.createdAt, b.createdAt) || compare(a.id, b.id);
  return {
    find: async (id) => table.find(id),
    create: async (deployment) => move(deployment.id, (before) => requested(before, deployment)),
    apply: async (id, event) => move(id, (before) => deploymentTransition(before, event, now())),
    putStep: async (id, fence, step) => {
      const put = move(id, (before) => stepPut(before, fence, step, now()));
      if (put.kind === 'refused') throw new StepFailure({ code: put.code ?? 'StaleFence', message: put.reason });
      return put.record;
    },
    note: async (id, facts) => move(id, (before) => noted(before, facts, now())),
    listOpen: async () =>
      table
        .list()
        .filter(({ status }) => !isEnded(status))
        .sort(oldestFirst),
    listOfStack: async (stackName, limit) =>
      table
        .list()
        .filter((deployment) => deployment.stackName === stackName)
        .sort(oldestFirst)
        .reverse()
        .slice(0, limit),
  };
};

export const memoryCallbackStore = (): CallbackStore => {
  const table = memoryTable<Callback>();
  const move = (token: string, change: (before: Callback | undefined) => Callback | undefined): Callback => {
    const { record } = table.move(token, (before): Written<Callback> => {
      const after = change(before);
      if (!after) return { kind: 'refused', reason: 'it was never intended', record: before };
      return { kind: after === before ? 'repeated' : 'moved', record: after };
    });
    if (!record) throw new Error(`No callback stands under the token ${token}: it was never intended`);
    return record;
  };
  const open = () =>
    table
      .list()
      .filter((callback) => !callback.told)
      .sort((a, b) => compare(a.createdAt, b.createdAt) || compare(a.token, b.token));
  return {
    find: async (token) => table.find(token),
    intend: async (callback) => move(callback.token, (before) => intended(before, callback)),
    markCalled: async (token) => {
      move(token, (before) => before && called(before));
    },
    complete: async (token, outcome) => move(token, (before) => before && completed(before, outcome)),
    markTold: async (token) => {
      move(token, (before) => before && told(before));
    },
    listOpen: async () => open(),
    listOpenBySubject: async (subject) => open().filter((callback) => subjectsOf(callback).includes(subject)),
  };
};

export const memoryDatabaseStore = (): DatabaseStore => {
  const table = memoryTable<DatabaseRecord>();
  return {
    find: async (environment, databaseName) => table.find(`${environment}/${databaseName}`),
    put: async (record) =>
      table.move(`${record.environment}/${record.databaseName}`, (before) => claimDatabase(before, record)),
  };
};

export const memoryListenerStore = (): ListenerStore => {
  const table = memoryTable<ListenerRecord>();
  return {
    find: async (listenerArn) => table.find(listenerArn),
    reserve: async (wish) => table.move(wish.listenerArn, (before) => reservePriorities(before, wish)),
  };
};

export const memoryTargetStore = (): TargetStore => {
  const table = memoryTable<TargetHead>();
  const accepted = memoryTable<AcceptedCommit>();
  const requests = memoryTable<PushRequest>();
  const looks = memoryTable<DeliveryLook>();
  return {
    find: async (key) => table.find(key),
    move: async (key, from, to) => table.move(key, (before) => moveHead(before, from, to)),
    findAccepted: async (key) => accepted.find(key),
    accept: async (key, commit) => accepted.move(key, (before) => moveAccepted(before, commit)),
    findRequest: async (key) => requests.find(key),
    putRequest: async (key, request) => requests.put(key, request),
    findLook: async () => looks.find('deliveries'),
    putLook: async (look) => looks.put('deliveries', look),
  };
};

export const memoryConfigurationStore = (): ConfigurationStore => {
  const environments = memoryTable<Environment>();
  const clusters = memoryTable<Cluster>();
  const repositories = memoryTable<Repository>();
  const named = (owner: string, name: string) => `${owner}/${name}`.toLowerCase();
  const pointers = new Map<string, string>();
  return {
    findRepository: async (id) => repositories.find(id),
    findRepositoryByName: async (owner, name) => {
      const found = repositories.find(pointers.get(named(owner, name)) ?? '');
      return found && named(found.owner, found.name) === named(owner, name) ? found : undefined;
    },
    listRepositories: async () => repositories.list().sort((a, b) => compare(a.id, b.id)),
    headsKnown: async (id, since) => {
      repositories.move(id, (before) => headsKnown(before, since));
    },
    findEnvironment: async (name) => environments.find(name),
    findCluster: async (name) => clusters.find(name),
    putRepository: async (repository) => {
      repositories.put(repository.id, repository);
      pointers.set(named(repository.owner, repository.name), repository.id);
    },
    putEnvironment: async (environment) => environments.put(environment.fullName, environment),
    putCluster: async (cluster) => clusters.put(cluster.name, cluster),
    listEnvironments: async () => environments.list().sort((a, b) => compare(a.fullName, b.fullName)),
  };
};

export const memoryEventStore = (): EventStore => {
  const events: AuditEvent[] = [];
  return {
    append: async (event) => {
      if (!events.some((known) => sameJson(known, event))) events.push(copied(event));
    },
    list: async (subject, limit) =>
      events
        .map((event, place) => ({ event, place }))
        .filter(({ event }) => event.subject === subject)
        .sort((a, b) => compare(b.event.at, a.event.at) || b.place - a.place)
        .slice(0, limit)
        .map(({ event }) => event),
  };
};

export const memoryDocumentStore = (bucket = 'documents'): DocumentStore => {
  const documents = new Map<string, string>();
  return {
    put: async (key, document) => {
      const standing = documents.get(key);
      if (standing !== undefined && !sameJson(JSON.parse(standing), document))
        throw new Error(`${bucket}/${key} holds another document already; it was not changed`);
      documents.set(key, JSON.stringify(document));
    },
    find: async (key) => {
      const document = documents.get(key);
      return document === undefined ? undefined : JSON.parse(document);
    },
    url: (key) => `https://s3.eu-central-1.amazonaws.com/${bucket}/${key}`,
  };
};

/** Records by key; each move is one step that nothing interrupts, as a conditional write is. */
const memoryTable = <T>(initial: readonly (readonly [string, T])[] = []) => {
  const records = new Map<string, T>(initial.map(([key, record]) => [key, copied(record)]));
  return {
    find: (key: string) => records.get(key),
    list: () => [...records.values()],
    put: (key: string, record: T) => {
      records.set(key, copied(record));
    },
    move: (key: string, decide: (before: T | undefined) => Written<T>): Written<T> => {
      const decision = decide(records.get(key));
      if (decision.kind === 'moved') records.set(key, copied(decision.record));
      return decision;
    },
  };
};

/** As a database gives it back: nobody else holds it, and what is undefined is not there. */
const copied = <T>(record: T): T => JSON.parse(JSON.stringify(record));

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
