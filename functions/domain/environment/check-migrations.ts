import type { Container } from '../application/container.ts';
import { type Finding, findingAt, type Keys } from '../configuration/finding.ts';
import { fargateSize } from '../template/fargate-size.ts';
import { sizeOf } from '../template/image.ts';
import { migrationDemand } from '../template/migration-place.ts';
import { proxiedFor } from '../template/migration-sidecar.ts';
import { hasOwnInterface } from '../template/network.ts';
import type { CheckInput } from './check-input.ts';
import { tooLarge } from './check-launch.ts';
import { needsSidecar, noSidecar, reservedName, sameCredentials } from './check-sidecar.ts';

/** What the migrations of an application need of its cluster: a role to start under and, by IAM, one to log in with. */
export const checkMigrations = (input: CheckInput): readonly Finding[] =>
  input.application.databases.flatMap(({ postgres: { migrateContainer } }, index) => {
    if (!migrateContainer) return [];
    const keys = ['databases', index, 'postgres', 'migrateContainer'];
    const { environment, cluster } = input;
    return [
      ...(cluster.aws.migratorRoles[environment.fullName] === undefined
        ? [findingAt(keys, `needs a role for ${environment.fullName} in cluster.aws.migratorRoles of ${cluster.name}`)]
        : []),
      ...sidecarFindings(migrateContainer, input, keys),
      ...sizeFindings(migrateContainer, input, keys),
    ];
  });

const sizeFindings = (container: Container, input: CheckInput, keys: Keys): Finding[] => {
  const demand = migrationDemand(sizeOf(container, input), proxiedFor(container, input).length > 0);
  return hasOwnInterface(input) && !fargateSize(demand) ? [findingAt(keys, tooLarge(demand))] : [];
};

const sidecarFindings = (container: Container, input: CheckInput, keys: Keys): Finding[] => {
  const names = proxiedFor(container, input).map(({ name }) => name);
  if (names.length === 0) return [];
  const { environment, cluster } = input;
  const reason = `logging in to ${names.join(', ')} by IAM`;
  return [
    ...noSidecar(needsSidecar(reason), input, keys),
    ...(cluster.aws.migrationTaskRoles?.[environment.fullName] === undefined
      ? [
          findingAt(
            keys,
            `needs a role for ${environment.fullName} in cluster.aws.migrationTaskRoles of ${cluster.name} for ${reason}: an output of a cluster stack that has databaseAdmins`,
          ),
        ]
      : []),
    ...reservedName(container.name, [...keys, 'name']),
    ...sameCredentials(names, keys),
  ];
};
