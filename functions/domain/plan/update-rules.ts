import { taskDefinition } from './resource-kinds.ts';

interface UpdateRule {
  /** Properties that change where the resource stands. */
  readonly inPlace: readonly string[];
  /** Properties for which CloudFormation makes another one. */
  readonly replacing: readonly string[];
}

/** The types that releases are made of, by CloudFormation's resource schemas; a test holds them against those. */
export const updateRules: Readonly<Record<string, UpdateRule>> = {
  [taskDefinition]: {
    inPlace: ['Tags'],
    replacing: [
      'Family',
      'NetworkMode',
      'RequiresCompatibilities',
      'ExecutionRoleArn',
      'TaskRoleArn',
      'ContainerDefinitions',
      'Cpu',
      'Memory',
      'Volumes',
    ],
  },
  'AWS::ECS::Service': {
    inPlace: [
      'TaskDefinition',
      'DesiredCount',
      'DeploymentConfiguration',
      'LoadBalancers',
      'NetworkConfiguration',
      'HealthCheckGracePeriodSeconds',
      'PropagateTags',
    ],
    replacing: ['Cluster', 'LaunchType', 'ServiceName'],
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    inPlace: [
      'HealthCheckPath',
      'Matcher',
      'HealthCheckIntervalSeconds',
      'HealthCheckTimeoutSeconds',
      'HealthyThresholdCount',
      'UnhealthyThresholdCount',
      'TargetGroupAttributes',
    ],
    replacing: ['Name', 'VpcId', 'Port', 'Protocol', 'ProtocolVersion', 'TargetType'],
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': {
    inPlace: ['Priority', 'Conditions', 'Actions'],
    replacing: ['ListenerArn'],
  },
  'AWS::IAM::Role': {
    inPlace: ['AssumeRolePolicyDocument', 'Policies', 'ManagedPolicyArns', 'Description', 'Tags'],
    replacing: ['RoleName', 'Path'],
  },
  'AWS::EC2::SecurityGroup': {
    inPlace: ['SecurityGroupIngress', 'SecurityGroupEgress', 'Tags'],
    replacing: ['GroupName', 'GroupDescription', 'VpcId'],
  },
  'AWS::SecretsManager::Secret': {
    inPlace: ['Description', 'Tags'],
    replacing: ['Name'],
  },
};

/** Whether a change of these properties replaces the resource; what is not known may. */
export const replacementBy = (type: string, properties: readonly string[]): 'True' | 'False' | 'Conditional' => {
  const rule = Object.hasOwn(updateRules, type) ? updateRules[type] : undefined;
  if (rule && properties.some((property) => rule.replacing.includes(property))) return 'True';
  return rule && properties.every((property) => rule.inPlace.includes(property)) ? 'False' : 'Conditional';
};
