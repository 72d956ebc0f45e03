import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Cluster, Environment } from '../../domain/environment/environment.ts';
import type { ConfigurationStore, Repository } from '../../ports.ts';
import { tables } from '../../tables.ts';
import { dynamoTable } from './dynamo-table.ts';
import { headsKnown } from './heads-known.ts';

export interface ConfigurationTables {
  readonly environments: string;
  readonly clusters: string;
  readonly repositories: string;
}

/** Leads from a name, which can move to another repository, to the id, which cannot. */
interface Pointer {
  readonly id: string;
  readonly repositoryId: string;
}

/** Configuration in DynamoDB. Environments share one partition, so that their list is strongly consistent, too. */
export const dynamoConfigurationStore = (client: DynamoDBClient, names: ConfigurationTables): ConfigurationStore => {
  const { ENVIRONMENTS_TABLE, CLUSTERS_TABLE, REPOSITORIES_TABLE } = tables;
  const environments = dynamoTable<Environment>({ client, name: names.environments, shape: ENVIRONMENTS_TABLE });
  const clusters = dynamoTable<Cluster>({ client, name: names.clusters, shape: CLUSTERS_TABLE });
  const repositories = dynamoTable<Repository>({
    client,
    name: names.repositories,
    shape: REPOSITORIES_TABLE,
    indexed: () => everyRepository,
  });
  const pointers = dynamoTable<Pointer>({ client, name: names.repositories, shape: REPOSITORIES_TABLE });
  return {
    findRepository: (id) => repositories.find({ id }),
    findRepositoryByName: async (owner, name) => {
      const pointer = await pointers.find({ id: pointerId(owner, name) });
      const repository = pointer && (await repositories.find({ id: pointer.repositoryId }));
      // A pointer outlives the name it was made for: the repository itself says what it is called now.
      return repository && pointerId(repository.owner, repository.name) === pointer.id ? repository : undefined;
    },
    listRepositories: () => repositories.query({ index: 'all', partition: everyRepository }),
    headsKnown: async (id, since) => {
      await repositories.move({ id }, (before) => headsKnown(before, since));
    },
    findEnvironment: (name) => environments.find({ ...everyEnvironment, fullName: name }),
    findCluster: (name) => clusters.find({ name }),
    putRepository: async (repository) => {
      await repositories.put(repository);
      await pointers.put({ id: pointerId(repository.owner, repository.name), repositoryId: repository.id });
    },
    putEnvironment: (environment) => environments.put(environment, everyEnvironment),
    putCluster: (cluster) => clusters.put(cluster),
    listEnvironments: () => environments.query({ partition: everyEnvironment }),
  };
};

const everyEnvironment = { _all: 'environment' };
const everyRepository = { _all: 'repository' };

/** GitHub tells names apart without regard to case. */
const pointerId = (owner: string, name: string) => `name:${owner}/${name}`.toLowerCase();
