/** Resources that answer requests: replacing one leaves nobody to answer. */
const serving = new Set([
  'AWS::ECS::Service',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
]);

/** Resources that hold nothing anybody would miss. Every other type counts as stateful: unknown ones may hold data. */
const stateless = new Set([
  ...serving,
  'AWS::ECS::TaskDefinition',
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::InstanceProfile',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::SQS::QueuePolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SNS::Subscription',
  'AWS::S3::BucketPolicy',
  'AWS::Events::Rule',
  'AWS::Events::EventBusPolicy',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudFormation::WaitConditionHandle',
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::Lambda::Permission',
]);

/** The property that holds the name of a resource; one with a name of its own can never be replaced by itself. */
const nameProperties: Readonly<Record<string, string>> = {
  'AWS::ECS::Service': 'ServiceName',
  'AWS::ElasticLoadBalancingV2::TargetGroup': 'Name',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'Name',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::EC2::SecurityGroup': 'GroupName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::Events::Rule': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::CloudWatch::Alarm': 'AlarmName',
};

export const taskDefinition = 'AWS::ECS::TaskDefinition';
export const service = 'AWS::ECS::Service';

export const isServing = (type: string): boolean => serving.has(type);
export const isStateful = (type: string): boolean => !stateless.has(type);
export const isIam = (type: string): boolean => type.startsWith('AWS::IAM::');

export const namePropertyOf = (type: string): string | undefined =>
  Object.hasOwn(nameProperties, type) ? nameProperties[type] : undefined;
