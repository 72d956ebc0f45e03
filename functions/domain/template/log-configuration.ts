import type { Runtime } from '../application/runtime.ts';
import { type Build, ref } from './build.ts';
import { logGroupName } from './names.ts';

/** Every container has a group of its own. */
export const logConfiguration = (container: string, { name }: Runtime, { environment, application }: Build) => ({
  LogDriver: 'awslogs',
  Options: {
    'awslogs-group': logGroupName(environment.fullName, application.name, container),
    'awslogs-create-group': 'true',
    'awslogs-region': ref('AWS::Region'),
    // Two runtimes may have a container of the same name, and then share the group.
    'awslogs-stream-prefix': name,
  },
});
