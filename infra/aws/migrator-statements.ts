import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/**
 * What ECS needs to start a migration task of one environment: its image, its log, and the secrets that it is told. The
 * containers themselves have no role at all.
 */
export const migratorStatements = ({ region, account }: Stack, environment: string): PolicyStatement[] => [
  // Logging in takes no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
  allow(['ecr:GetAuthorizationToken'], '*'),
  allow(
    ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    'arn:aws:ecr:*:*:repository/*',
  ),
  // `awslogs-create-group`, and the streams in it.
  allow(
    ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    `arn:aws:logs:${region}:${account}:log-group:ecs/${environment}/*`,
  ),
  allow(['secretsmanager:GetSecretValue'], `arn:aws:secretsmanager:${region}:${account}:secret:/${environment}/*`),
];

const allow = (actions: readonly string[], resource: string) =>
  new PolicyStatement({ actions: [...actions], resources: [resource] });
