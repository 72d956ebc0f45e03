import type { RunnableImage } from '../images/runnable-image.ts';
import type { BoundPort, ContainerDefinition, NameValue, TaskOverrides } from './ecs-records.ts';
import { MARKER } from './process-mark.ts';

interface Given {
  readonly definition: ContainerDefinition;
  readonly overrides: TaskOverrides;
  readonly image: RunnableImage;
  readonly secrets: Readonly<Record<string, string>>;
  readonly ports: readonly BoundPort[];
  /** What ECS tells every container of the task, over what anybody else says. */
  readonly variables: Readonly<Record<string, string>>;
  /** Of a text of the environment: with the addresses that neighbours have here, and the folders that are mounted. */
  readonly translate: (text: string) => string;
  readonly region: string;
  readonly path: string;
  /** Of the task: its home and its temporary files. */
  readonly home: string;
  readonly directory: string;
}

export interface ContainerPlan {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What to start for a container: the task definition goes before the image, an override before both. */
export const containerPlan = (given: Given): ContainerPlan => ({
  argv: wordsOf(given).map(given.image.localPath),
  cwd: given.image.localPath(
    given.image.standIn
      ? given.image.workingDirectory
      : (given.definition.workingDirectory ?? given.image.workingDirectory),
  ),
  environment: environmentOf(given),
});

/** An entry point of the task definition also takes the image's CMD away, as `docker run --entrypoint` does. */
const wordsOf = ({ definition, overrides, image }: Given): readonly string[] => {
  if (image.standIn) return [...image.entryPoint, ...image.command];
  const overridden = overrideOf(overrides, definition.name)?.command;
  const own = overridden ?? definition.command;
  const entryPoint = definition.entryPoint ?? image.entryPoint;
  return [...entryPoint, ...(own ?? (definition.entryPoint ? [] : image.command))];
};

/** PATH and the ports are ours whatever the task says: they are what this machine differs in. */
const environmentOf = (given: Given): Record<string, string> => {
  const { definition, overrides, image, secrets, ports, variables, translate, region, path, home, directory } = given;
  const [first] = ports;
  const told = {
    ...recordOf(definition.environment),
    ...recordOf(overrideOf(overrides, definition.name)?.environment),
  };
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_ECS_EC2',
    HOME: home,
    TMPDIR: home,
    ...image.environment,
    ...Object.fromEntries(Object.entries(told).map(([name, value]) => [name, translate(value)])),
    ...secrets,
    ...variables,
    PATH: path,
    ...(first ? { PORT: String(first.hostPort) } : {}),
    ...Object.fromEntries(ports.map(({ containerPort, hostPort }) => [`PORT_${containerPort}`, String(hostPort)])),
    [MARKER]: directory,
  };
};

const overrideOf = ({ containerOverrides = [] }: TaskOverrides, name: string) =>
  containerOverrides.find((override) => override.name === name);

const recordOf = (pairs: readonly NameValue[] = []): Record<string, string> =>
  Object.fromEntries(pairs.map(({ name, value }) => [name, String(value)]));
