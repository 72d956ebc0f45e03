import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { World } from '../part.ts';
import type { UnsignedRequest, WireResponse } from '../wire/service.ts';
import type { EcsOptions } from './ecs-options.ts';
import type { TaskRecord } from './ecs-records.ts';

export interface TaskCredentials {
  /** The variables by which the SDKs in a task's containers find credentials of its role; none without a role. */
  issue(task: Pick<TaskRecord, 'id'>, roleArn: string | undefined): Readonly<Record<string, string>>;
  /** From then on the task's token opens nothing. */
  revoke(taskId: string): void;
  /** What a container is answered; undefined for everything that does not ask for credentials. */
  answer(request: UnsignedRequest): WireResponse | undefined;
}

interface Grant {
  readonly roleArn: string;
  /** Only its digest is kept. */
  readonly token: Buffer;
}

const PATH = '/task-credentials/';

/** As long as those that ECS hands to a task. */
const LIFETIME_MILLIS = 6 * 3_600_000;

/**
 * Credentials of task roles, handed out as ECS does it with a token of the task:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html. Tokens live in memory alone: tasks
 * do not outlive the cloud, so neither they nor its address have to.
 */
export const taskCredentials = (world: World, options: EcsOptions): TaskCredentials => {
  const { containerCredentials: source, mayAssume = () => true } = options;
  const grants = new Map<string, Grant>();

  const answerTo = (taskId: string, { roleArn }: Grant): WireResponse => {
    if (!source || !mayAssume(roleArn))
      return refusal(400, 'AccessDenied', `ECS was unable to assume the role '${roleArn}' of this task.`);
    const { accessKeyId, secretAccessKey, sessionToken } = source.credentialsFor(roleArn, taskId);
    const Expiration = new Date(world.clock.now() + LIFETIME_MILLIS).toISOString();
    return json(200, {
      RoleArn: roleArn,
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: sessionToken,
      Expiration,
    });
  };

  return {
    issue: ({ id }, roleArn) => {
      if (!source || roleArn === undefined) return {};
      const token = randomBytes(32).toString('base64url');
      grants.set(id, { roleArn, token: digest(token) });
      return {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${source.endpoint()}${PATH}${id}`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
      };
    },
    revoke: (taskId) => void grants.delete(taskId),
    answer: ({ method, path, authorization }) => {
      if (method !== 'GET' || !path.startsWith(PATH)) return undefined;
      const taskId = path.slice(PATH.length);
      const grant = grants.get(taskId);
      if (!grant || !timingSafeEqual(grant.token, digest(authorization)))
        return refusal(403, 'AccessDeniedException', 'The authorization token is not that of a running task.');
      return answerTo(taskId, grant);
    },
  };
};

/** Digests are equally long, whatever was sent. */
const digest = (text: string) => createHash('sha256').update(text).digest();

const refusal = (status: number, code: string, message: string) => json(status, { code, message });

const json = (status: number, body: object): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});
