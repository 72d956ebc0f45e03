import type { Application } from '../application/application.ts';
import { containersOf } from '../application/check-references.ts';
import type { Container } from '../application/container.ts';
import { type Finding, findingAt, type Keys } from '../configuration/finding.ts';

/** What the schema knows and the builder does not build: each place, so that nothing is left out in silence. */
export const findUnsupported = (application: Application): readonly Finding[] => [
  ...application.blobstores.flatMap(({ sftpSettings }, index) =>
    sftpSettings
      ? [
          findingAt(
            ['blobstores', index, 'sftpSettings'],
            'no SFTP server is made: leave it out, and give whoever needs the files a role that grants[] may name, or set up AWS Transfer Family for the bucket yourself',
          ),
        ]
      : [],
  ),
  ...application.databases.flatMap(({ postgres: { migrateContainer } }, index) =>
    migrateContainer ? inMigration(migrateContainer, ['databases', index, 'postgres', 'migrateContainer']) : [],
  ),
  ...containersOf(application).flatMap((container) => inContainer(container, container.keys)),
];

export const notSupported = (what: string): Error => {
  const error = new Error(`${what}: the application was not checked before it was built`);
  error.name = 'NotSupported';
  return error;
};

/** A migration runs by itself and before the release: no sidecar is beside it, and it has no rights of its own in AWS. */
const inMigration = ({ envVars, mountDockerSocket }: Container, keys: Keys): Finding[] => [
  ...(mountDockerSocket
    ? [
        findingAt(
          [...keys, 'mountDockerSocket'],
          'a migration has no socket of Docker: build what it needs into its image',
        ),
      ]
    : []),
  ...envVars.flatMap(({ blobstore, o5 }, index) => [
    ...(blobstore
      ? [
          findingAt(
            [...keys, 'envVars', index, 'blobstore'],
            'a migration has no rights to buckets: let a runtime do this',
          ),
        ]
      : []),
    ...(o5
      ? [
          findingAt(
            [...keys, 'envVars', index, 'o5'],
            'no sidecar stands beside a migration: write messages to the outbox',
          ),
        ]
      : []),
  ]),
];

const inContainer = ({ envVars }: Container, keys: Keys): Finding[] =>
  envVars.flatMap(({ envMap }, index) =>
    envMap === undefined
      ? []
      : [
          findingAt(
            [...keys, 'envVars', index, 'envMap'],
            'envMap says nothing: name each variable with its own source',
          ),
        ],
  );
