import type { World } from '../part.ts';

/** The ARNs of ECS, and the names inside them. */
export const ecsArns = ({ region, account }: Pick<World, 'region' | 'account'>) => {
  const prefix = `arn:aws:ecs:${region}:${account}:`;
  return {
    cluster: (name: string) => `${prefix}cluster/${name}`,
    service: (cluster: string, name: string) => `${prefix}service/${cluster}/${name}`,
    task: (cluster: string, id: string) => `${prefix}task/${cluster}/${id}`,
    container: (cluster: string, taskId: string, id: string) => `${prefix}container/${cluster}/${taskId}/${id}`,
    containerInstance: (cluster: string) => `${prefix}container-instance/${cluster}/${INSTANCE}`,
    taskDefinition: (family: string, revision: number | '*') => `${prefix}task-definition/${family}:${revision}`,
  };
};

export type EcsArns = ReturnType<typeof ecsArns>;

/** This machine is the only container instance. */
const INSTANCE = '0123456789abcdef0123456789abcdef';

/** The name at the end of an ARN, or the name that was given in its place. */
export const nameOf = (arnOrName: string): string => arnOrName.slice(arnOrName.lastIndexOf('/') + 1);
