import type { ClusterSite } from '../../infra/aws/stage.ts';
import { messageOf } from '../message-of.ts';
import type { ClientSettings } from './account.ts';
import { type Check, missing, ok, unknown } from './diagnosis.ts';
import { queryCall, textOf } from './query-call.ts';

/** The role under which ECS starts the tasks of applications is there, and ECS may take it. */
export const checkExecutionRole = (settings: ClientSettings, { name, taskExecutionRole }: ClusterSite): Check => ({
  name: `task execution role of cluster ${name}`,
  run: async () => {
    const roleName = taskExecutionRole.slice(taskExecutionRole.lastIndexOf('/') + 1);
    const request = {
      service: 'iam',
      version: '2010-05-08',
      action: 'GetRole',
      input: { RoleName: roleName },
    } as const;
    const answer = await queryCall(settings, request).catch(
      (error: unknown) => ({ kind: 'refused', code: 'Unreachable', message: messageOf(error) }) as const,
    );
    if (answer.kind === 'answered') {
      const trust = decodeURIComponent(textOf(answer.xml, 'AssumeRolePolicyDocument') ?? '');
      return trust.includes('ecs-tasks.amazonaws.com')
        ? ok(taskExecutionRole)
        : missing(`ECS may not take ${roleName}`, 'Let its trust policy name ecs-tasks.amazonaws.com');
    }
    return answer.code === 'NoSuchEntity'
      ? missing(answer.message, 'Make it, or correct taskExecutionRole of the cluster in infra/aws/stages.ts')
      : unknown(`IAM does not tell: ${answer.message}`, 'Allow yourself iam:GetRole');
  },
});
