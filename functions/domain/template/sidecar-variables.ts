import type { Runtime } from '../application/runtime.ts';
import { type Build, byName, ref } from './build.ts';
import { iamLogin, isByIam } from './database-access.ts';
import { jsonKey } from './json-key.ts';
import { logicalIds, parameterNames } from './names.ts';
import { hasOwnInterface } from './network.ts';
import { credentials } from './proxied-name.ts';
import { proxiedNames, proxyVariables } from './proxy-variables.ts';
import { type SidecarDuties, sendsMessages, sidecarDuties } from './sidecar-duties.ts';
import { ADAPTER_PORT, PUBLIC_PORT } from './sidecar-names.ts';

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
    ...proxyVariables(loginsOf(duties, build)),
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
  ...(outboxes.length > 0 && { POSTGRES_OUTBOX: proxiedNames(outboxes.map(({ name }) => name)) }),
  ...(outboxes.some(({ postgres }) => postgres.outboxDelayable) && { POSTGRES_OUTBOX_DELAYABLE: 'true' }),
});

const loginsOf = ({ proxied }: SidecarDuties, build: Build) =>
  proxied.map((database) => {
    const { endpoint, user } = iamLogin(database, build);
    return { database: database.name, endpoint, dbName: user, dbUser: user };
  });

/** The containers of a task with an interface of its own are one host to each other; on a bridge each has its name. */
const addresses = ({ endpoints }: SidecarDuties, build: Build): string =>
  [...new Set(endpoints.map(({ container, port }) => `${hasOwnInterface(build) ? 'localhost' : container}:${port}`))]
    .sort()
    .join(',');

const secretOf = (database: string, { hash }: Build) => jsonKey(parameterNames.databaseSecret(database, hash), 'dburl');

const pairs = (variables: Variables) =>
  Object.entries(variables)
    .map(([name, value]) => ({ name, value }))
    .sort(byName);
