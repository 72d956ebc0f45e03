import type { Template } from '../../functions/domain/template/template.ts';
import type { RoleQuestion } from '../../infra/local/cloudformation/role-question.ts';
import type { Properties } from '../../infra/local/part.ts';
import { ACCOUNT, boundary, creating, REGION, roleArn } from './service-role.ts';

/** The one managed policy that the example stage lets applications have. */
export const tracing = 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';

/** Every resource of a template as it is made, changed and deleted. */
export const livesOf = (template: Template): readonly RoleQuestion[] =>
  Object.entries(template.Resources).flatMap(([logicalId, { Type, Properties = {} }]): readonly RoleQuestion[] => {
    const properties = resolved(Properties, template) as Properties;
    const made = { ...creating(Type, properties), logicalId };
    const physicalId = physicalIdOf(logicalId, template);
    return [
      made,
      { ...made, verb: 'update', physicalId, previous: {} },
      { ...made, verb: 'update', physicalId, previous: properties, properties: withoutLists(properties) },
      { ...made, verb: 'delete', physicalId },
    ];
  });

const withoutLists = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => !Array.isArray(value)));

/** What CloudFormation would call a resource of the template. */
export const physicalIdOf = (logicalId: string, { Resources }: Template): string => {
  const { Type = '', Properties = {} } = Resources[logicalId] ?? {};
  const name = (property: string) => inCluster(String(Properties[property]));
  if (Type === 'AWS::EC2::SecurityGroup') return 'sg-1';
  if (Type === 'AWS::Events::Rule') return `applications|${name('Name')}`;
  if (Type === 'AWS::IAM::Role') return name('RoleName');
  if (Type === 'AWS::S3::Bucket') return name('BucketName');
  if (Type === 'AWS::S3::BucketPolicy') return String(resolved(Properties['Bucket'], { Resources }));
  if (Type === 'AWS::SecretsManager::Secret') return arnOf('secretsmanager', 'secret:/dev/shop/keys-AbCdEf');
  if (Type === 'AWS::SNS::Subscription') return arnOf('sns', 'local-o5-infra:0a1b');
  if (Type === 'AWS::SQS::Queue') return `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name('QueueName')}`;
  return `dev-shop-${logicalId}-ABC`;
};

/** Names of the sample's environment, as the example's cluster would have them. */
const inCluster = (text: string): string => text.replace(/^(\/?)prod([-/])/, '$1dev$2');

/** References by what they stand for on the embedded cloud. */
export const resolved = (value: unknown, template: Template): unknown => {
  if (Array.isArray(value)) return value.map((each) => resolved(each, template));
  if (typeof value === 'string') return inCluster(value);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = value as Intrinsic;
  if (Ref !== undefined) return referredTo(Ref, template);
  if (attribute) return attributeOf(attribute[0], template);
  if (text) return text.replaceAll(/\$\{([\w:]+)\}/g, (_, name: string) => referredTo(name, template));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner, template)]));
};

interface Intrinsic {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly [id: string, attribute: string];
  readonly 'Fn::Sub'?: string;
}

const referredTo = (name: string, template: Template): string => {
  if (template.Resources[name]) return physicalIdOf(name, template);
  return parameters[name] ?? (name.startsWith('NamedIAMPolicy') ? tracing : name);
};

const attributeOf = (id: string, template: Template): string => {
  const isQueue = template.Resources[id]?.Type === 'AWS::SQS::Queue';
  return isQueue ? arnOf('sqs', physicalIdOf(id, template).split('/').at(-1) ?? '') : roleArn('dev-shop-main');
};

const arnOf = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

const parameters: Readonly<Record<string, string>> = {
  PermissionsBoundary: boundary,
  ECSTaskExecutionRole: roleArn('local-task-execution'),
  ListenerARN: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:listener/app/local/1/2`,
  VPCID: 'vpc-00000001',
  EnvName: 'dev',
  ClusterName: 'local',
  EventBusARN: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/applications`,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  ECSCluster: 'local',
};
