import { createHash } from 'node:crypto';
import { AwsError, type Input } from '../wire/service.ts';
import type { Tag, TaskDefinitionRecord, TaskRecord } from './ecs-records.ts';
import type { EcsState } from './ecs-state.ts';
import { taskView } from './task-views.ts';

/** What a client token stood for. */
interface Token {
  readonly request: string;
  readonly taskArns: readonly string[];
  readonly atMillis: number;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html */
const TOKEN_MILLIS = 24 * 3_600_000;

/** RunTask: the same token with the same parameters gives the same tasks, with others a ConflictException that names them. */
export const runTasks = (state: EcsState) => {
  const { world, arns, clusters, definitions, tasks, placement, launch } = state;
  const tokens = world.store.table<Token>('ecs.run-tokens');

  const known = (key: string, request: string): readonly string[] | undefined => {
    const token = tokens.get(key);
    if (!token || token.atMillis + TOKEN_MILLIS < world.clock.now()) return undefined;
    if (token.request === request) return token.taskArns;
    const message = 'The client token was already used with other parameters.';
    throw new AwsError('ConflictException', message, 400, { resourceIds: token.taskArns });
  };

  const launchAll = (input: Input, clusterName: string): readonly TaskRecord[] => {
    const definition = runnable(definitions.find(String(input.taskDefinition)));
    checkRoles(state, definition, input);
    return Array.from({ length: Number(input.count ?? 1) }, () =>
      launch({
        clusterName,
        definition,
        group: input.group ?? `family:${definition.family}`,
        startedBy: input.startedBy,
        launchType: input.launchType ?? 'EC2',
        overrides: input.overrides,
        tags: tagsOf(input, definition),
      }),
    );
  };

  return (input: Input) => {
    check(input);
    const cluster = clusters.get(input.cluster);
    const key = `${cluster.name}/${input.clientToken}`;
    const request = fingerprint(input);
    const before = input.clientToken ? known(key, request) : undefined;
    if (before) return answer(before.map(tasks.get));
    const refusal = placement.refusal();
    if (refusal) return { tasks: [], failures: [{ arn: arns.containerInstance(cluster.name), reason: refusal }] };
    const launched = launchAll(input, cluster.name);
    if (input.clientToken)
      tokens.put(key, { request, taskArns: launched.map(({ arn }) => arn), atMillis: world.clock.now() });
    return answer(launched);
  };

  function answer(found: readonly TaskRecord[]) {
    return { tasks: found.map((task) => taskView(arns, task, ['TAGS'])), failures: [] };
  }
};

/** Limits: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html */
const check = ({ count = 1, clientToken = '', startedBy = '' }: Input) => {
  if (!(count >= 1 && count <= 10)) throw new AwsError('InvalidParameterException', 'count must be between 1 and 10.');
  if (clientToken.length > 64)
    throw new AwsError('InvalidParameterException', 'The client token must be at most 64 characters long.');
  if (startedBy.length > 128)
    throw new AwsError('InvalidParameterException', 'startedBy must be at most 128 characters long.');
};

const runnable = (definition: TaskDefinitionRecord | undefined): TaskDefinitionRecord => {
  if (!definition) throw new AwsError('InvalidParameterException', 'TaskDefinition not found.');
  if (definition.status === 'INACTIVE') throw new AwsError('InvalidParameterException', 'TaskDefinition is inactive');
  return definition;
};

/** In the words of https://repost.aws/knowledge-center/ecs-unable-to-assume-role; services find out when they launch. */
const checkRoles = ({ mayAssume }: Pick<EcsState, 'mayAssume'>, definition: TaskDefinitionRecord, input: Input) => {
  const { taskRoleArn = definition.taskRoleArn, executionRoleArn = definition.executionRoleArn } =
    input.overrides ?? {};
  const wrong = [taskRoleArn, executionRoleArn].find((roleArn) => roleArn && !mayAssume(roleArn));
  if (wrong)
    throw new AwsError(
      'ClientException',
      `ECS was unable to assume the role '${wrong}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.`,
    );
};

const tagsOf = ({ tags = [], propagateTags }: Input, definition: TaskDefinitionRecord): readonly Tag[] => {
  const inherited = propagateTags === 'TASK_DEFINITION' ? definition.tags : [];
  const own: readonly Tag[] = tags;
  return [...inherited.filter(({ key }) => !own.some((tag) => tag.key === key)), ...own];
};

/** All parameters but the token itself, whatever order their keys came in. */
const fingerprint = ({ clientToken: _itself, ...input }: Input): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(input)))
    .digest('hex');

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, sorted(inner)]);
};
