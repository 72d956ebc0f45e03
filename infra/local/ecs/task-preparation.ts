import type { RunnableImage } from '../images/runnable-image.ts';
import { AwsError } from '../wire/service.ts';
import { secretsOf } from './container-secrets.ts';
import type { EcsOptions } from './ecs-options.ts';
import type { ContainerDefinition } from './ecs-records.ts';

export interface PreparedContainer {
  readonly definition: ContainerDefinition;
  readonly image: RunnableImage;
  readonly imageDigest: string;
  readonly secrets: Readonly<Record<string, string>>;
}

export type Preparation =
  | { readonly kind: 'ready'; readonly containers: readonly PreparedContainer[] }
  | { readonly kind: 'failed'; readonly container: string; readonly reason: string };

/** Pulls images and secrets of all containers, in an order in which every container comes after those it depends on. */
export const prepareTask = async (
  definitions: readonly ContainerDefinition[],
  options: EcsOptions,
  executionRoleArn?: string,
): Promise<Preparation> => {
  const containers: PreparedContainer[] = [];
  for (const definition of inStartOrder(definitions)) {
    const failed = (reason: string): Preparation => ({ kind: 'failed', container: definition.name, reason });
    const secrets = secretsOf(definition, options.readSecret, (id) => refusalOf(options, executionRoleArn, id));
    if (secrets.kind === 'missing') return failed(secrets.reason);
    const image = options.images.find(definition.image);
    if (!image) return failed(notFound(definition.image));
    try {
      const runnable = await options.images.materialise(image);
      containers.push({ definition, image: runnable, imageDigest: image.digest, secrets: secrets.values });
    } catch (error) {
      return failed(`CannotPullContainerError: ${definition.image}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return { kind: 'ready', containers };
};

const refusalOf = ({ authorizeRole }: EcsOptions, roleArn: string | undefined, id: string): string | undefined => {
  if (!authorizeRole) return undefined;
  if (roleArn === undefined) return 'NoCredentialProviders: the task definition names no execution role';
  try {
    authorizeRole(roleArn, 'secretsmanager:GetSecretValue', [id]);
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
};

const notFound = (image: string) =>
  `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: not found`;

/** Containers in a circle keep the order they were given in; each would wait for the other on AWS too. */
const inStartOrder = (definitions: readonly ContainerDefinition[]): readonly ContainerDefinition[] => {
  const ordered = new Set<ContainerDefinition>();
  const place = (definition: ContainerDefinition, above: readonly ContainerDefinition[]) => {
    if (ordered.has(definition) || above.includes(definition)) return;
    for (const { containerName } of definition.dependsOn ?? []) {
      const dependency = definitions.find(({ name }) => name === containerName);
      if (dependency) place(dependency, [...above, definition]);
    }
    ordered.add(definition);
  };
  for (const definition of definitions) place(definition, []);
  return [...ordered];
};
