import type { Runtime } from '../application/runtime.ts';
import type { RoleStatement } from './statement.ts';

export const DOCKER_SOCKET = '/var/run/docker.sock';

/** Whether a container of the runtime starts containers of its own on the instance. */
export const mountsDockerSocket = ({ containers }: Runtime): boolean =>
  containers.some(({ mountDockerSocket }) => mountDockerSocket);

/** Who starts containers has to pull their images, whichever of the account's they are. */
export const dockerStatements = (runtime: Runtime): readonly RoleStatement[] =>
  mountsDockerSocket(runtime)
    ? [
        // IAM knows no narrower resource for it: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
        { policy: 'ecr-pull', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
        {
          policy: 'ecr-pull',
          actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          resources: [{ 'Fn::Sub': 'arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/*' }],
        },
      ]
    : [];
