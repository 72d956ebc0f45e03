import type { Database } from '../application/database.ts';
import type { Runtime } from '../application/runtime.ts';
import { type Build, byName, ref } from './build.ts';
import { iamLogin, isByIam } from './database-access.ts';
import { jsonKey } from './json-key.ts';
import { logicalIds, parameterNames } from './names.ts';
import { hasOwnInterface } from './network.ts';
import { type SidecarDuties, sendsMessages, sidecarDuties } from './sidecar-duties.ts';
import { ADAPTER_PORT, POSTGRES_SOCKETS, PUBLIC_PORT } from './sidecar-names.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Environment and secrets of a runtime's sidecar, each by name; what it has no duty for is left out. */
export const sidecarVariables = (runtime: Runtime, build: Build) => {
  const duties = sidecarDuties(runtime, build);
  const plain: Variables = {
    APP_NAME: build.application.name,
    AWS_REGION: ref('AWS::Region'),
    ENVIRONMENT_NAME: ref('EnvName'),
    ...(sendsMessages(duties) && { EVENTBRIDGE_ARN: ref('EventBusARN') }),
    ...(duties.ingress && ingressVariables(build)),
    ...(duties.subscriptions && workerVariables(runtime)),
    ...(duties.adapter && { ADAPTER_ADDR: `:${ADAPTER_PORT}` }),
    ...(duties.endpoints.length > 0 && { SERVICE_ENDPOINT: addresses(duties, build) }),
    ...outboxVariables(duties),
    ...proxyVariables(duties, build),
  };
  const secrets = duties.outboxes.filter((database) => !isByIam(database, build.cluster));
  return {
    Environment: pairs(plain).map(({ name, value }) => ({ Name: name, Value: value })),
    ...(secrets.length > 0 && {
      Secrets: pairs(Object.fromEntries(secrets.map(({ name }) => [credentials(name), secretOf(name, build)]))).map(
        ({ name, value }) => ({ Name: name, ValueFrom: value }),
      ),
    }),
  };
};

const ingressVariables = ({ environment: { trustJwks, corsOrigins } }: Build): Variables => ({
  PUBLIC_ADDR: `:${PUBLIC_PORT}`,
  ...(trustJwks.length > 0 && { JWKS: ref('JWKS') }),
  ...(corsOrigins.length > 0 && { CORS_ORIGINS: ref('CORSOrigin') }),
});

const workerVariables = ({ name, workerConfig }: Runtime): Variables => {
  const { replayChance = 0, deadletterChance = 0, noDeadletters = false } = workerConfig ?? {};
  return {
    SQS_URL: ref(logicalIds.queue(name)),
    ...(replayChance > 0 && { RESEND_CHANCE: String(replayChance) }),
    ...(deadletterChance > 0 && { DEADLETTER_CHANCE: String(deadletterChance) }),
    ...(noDeadletters && { NO_DEADLETTERS: 'true' }),
  };
};

const outboxVariables = ({ outboxes }: SidecarDuties): Variables => ({
  ...(outboxes.length > 0 && { POSTGRES_OUTBOX: known(outboxes) }),
  ...(outboxes.some(({ postgres }) => postgres.outboxDelayable) && { POSTGRES_OUTBOX_DELAYABLE: 'true' }),
});

const proxyVariables = ({ proxied }: SidecarDuties, build: Build): Variables => {
  if (proxied.length === 0) return {};
  const logins = proxied.map((database) => {
    const { endpoint, user } = iamLogin(database, build);
    return [credentials(database.name), JSON.stringify({ endpoint, dbName: user, dbUser: user })];
  });
  return {
    POSTGRES_IAM_PROXY: known(proxied),
    POSTGRES_PROXY_BIND: `${POSTGRES_SOCKETS}/.s.PGSQL.5432`,
    ...Object.fromEntries(logins),
  };
};

/** The names by which the sidecar finds the login of each. */
const known = (databases: readonly Database[]): string =>
  databases
    .map(({ name }) => screamingSnake(name))
    .sort()
    .join(',');

/** The containers of a task with an interface of its own are one host to each other; on a bridge each has its name. */
const addresses = ({ endpoints }: SidecarDuties, build: Build): string =>
  [...new Set(endpoints.map(({ container, port }) => `${hasOwnInterface(build) ? 'localhost' : container}:${port}`))]
    .sort()
    .join(',');

const secretOf = (database: string, { hash }: Build) => jsonKey(parameterNames.databaseSecret(database, hash), 'dburl');

/** The variable that tells the sidecar how to log in to a database. */
export const credentials = (database: string): string => `DB_CREDS_${screamingSnake(database)}`;

const screamingSnake = (name: string) =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();

const pairs = (variables: Variables) =>
  Object.entries(variables)
    .map(([name, value]) => ({ name, value }))
    .sort(byName);
