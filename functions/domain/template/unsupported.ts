import type { Application } from '../application/application.ts';
import { containersOf } from '../application/check-references.ts';
import type { Container } from '../application/container.ts';
import type { Runtime } from '../application/runtime.ts';
import { type Finding, findingAt, type Keys } from '../configuration/finding.ts';

/** What the schema knows and the builder does not build: each place, so that nothing is left out in silence. */
export const findUnsupported = (application: Application): readonly Finding[] => [
  ...places(application.targets, ['targets'], 'targets'),
  ...places(application.blobstores, ['blobstores'], 'blobstores'),
  ...application.databases.flatMap(({ postgres }, index) => [
    ...when(postgres.runOutbox, ['databases', index, 'postgres', 'runOutbox'], 'the outbox'),
    ...when(postgres.outboxDelayable, ['databases', index, 'postgres', 'outboxDelayable'], 'the outbox'),
  ]),
  ...application.runtimes.flatMap((runtime, index) => inRuntime(runtime, ['runtimes', index])),
  ...containersOf(application).flatMap((container) => inContainer(container, container.keys)),
];

export const notSupported = (what: string): Error => {
  const error = new Error(`${what}: the application was not checked before it was built`);
  error.name = 'NotSupported';
  return error;
};

const inRuntime = (runtime: Runtime, keys: Keys): Finding[] => [
  ...when(runtime.directIngress, [...keys, 'directIngress'], 'directIngress'),
  ...when(runtime.workerConfig !== undefined, [...keys, 'workerConfig'], 'workerConfig'),
  ...places(runtime.subscriptions, [...keys, 'subscriptions'], 'subscriptions'),
  ...runtime.routes.flatMap(({ bypassIngress }, index) =>
    bypassIngress
      ? []
      : [
          findingAt(
            [...keys, 'routes', index, 'bypassIngress'],
            'routes through the sidecar are not supported yet: set bypassIngress to true',
          ),
        ],
  ),
];

const inContainer = ({ envVars, mountDockerSocket }: Container, keys: Keys): Finding[] => [
  ...when(mountDockerSocket, [...keys, 'mountDockerSocket'], 'mountDockerSocket'),
  ...envVars.flatMap(({ blobstore, envMap, o5 }, index) => [
    ...when(blobstore !== undefined, [...keys, 'envVars', index, 'blobstore'], 'a variable from a blobstore'),
    ...when(envMap !== undefined, [...keys, 'envVars', index, 'envMap'], 'envMap'),
    ...when(o5 !== undefined, [...keys, 'envVars', index, 'o5'], 'the adapter endpoint'),
  ]),
];

const places = (items: readonly unknown[], keys: Keys, what: string): Finding[] =>
  items.map((_, index) => findingAt([...keys, index], sentence(what)));

const when = (given: boolean, keys: Keys, what: string): Finding[] => (given ? [findingAt(keys, sentence(what))] : []);

const sentence = (what: string) => `${what} ${/s$/.test(what) ? 'are' : 'is'} not supported yet`;
