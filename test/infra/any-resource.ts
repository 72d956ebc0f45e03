/** Actions that are allowed on every resource, with the reason for each. */
export const onAnyResource: Readonly<Record<string, string>> = {
  'states:SendTaskSuccess': 'a task token has no resource',
  'states:SendTaskFailure': 'a task token has no resource',
  'ecr:GetAuthorizationToken': 'logging in to ECR takes no resource',
  'ecs:RegisterTaskDefinition': 'a task definition has no resource before it is registered',
  'ecs:DeregisterTaskDefinition': 'takes no resource',
  'ecs:DescribeTaskDefinition': 'takes no resource',
  'ecs:ListTasks': 'is narrowed by cluster only, and the cluster belongs to the account',
  'elasticloadbalancing:DescribeTargetGroups': 'the describe calls of ELBv2 take no resource',
  'elasticloadbalancing:DescribeRules': 'the describe calls of ELBv2 take no resource',
  'elasticloadbalancing:DescribeTags': 'the describe calls of ELBv2 take no resource',
  'elasticloadbalancing:DescribeTargetGroupAttributes': 'the describe calls of ELBv2 take no resource',
  'elasticloadbalancing:DescribeTargetHealth': 'the describe calls of ELBv2 take no resource',
  'ec2:DescribeSecurityGroups': 'the describe calls of EC2 take no resource',
  'ec2:DescribeVpcs': 'the describe calls of EC2 take no resource',
  'ec2:AssignPrivateIpAddresses':
    'the network interfaces of a function in a VPC are made by Lambda, which cannot be told names',
  'ec2:CreateNetworkInterface':
    'the network interfaces of a function in a VPC are made by Lambda, which cannot be told names',
  'ec2:DeleteNetworkInterface':
    'the network interfaces of a function in a VPC are made by Lambda, which cannot be told names',
  'ec2:UnassignPrivateIpAddresses':
    'the network interfaces of a function in a VPC are made by Lambda, which cannot be told names',
  'ec2:DescribeNetworkInterfaces': 'the describe calls of EC2 take no resource',
  'ec2:DescribeSubnets': 'the describe calls of EC2 take no resource',
  'logs:CreateLogDelivery': 'takes no resource; Step Functions sets the delivery of a machine’s log up with it',
  'logs:DeleteLogDelivery': 'takes no resource; Step Functions sets the delivery of a machine’s log up with it',
  'logs:DescribeLogGroups': 'takes no resource; Step Functions sets the delivery of a machine’s log up with it',
  'logs:DescribeResourcePolicies': 'takes no resource; Step Functions sets the delivery of a machine’s log up with it',
  'logs:GetLogDelivery': 'takes no resource; Step Functions sets the delivery of a machine’s log up with it',
  'logs:ListLogDeliveries': 'takes no resource; Step Functions sets the delivery of a machine’s log up with it',
  'logs:PutResourcePolicy': 'takes no resource; Step Functions sets the delivery of a machine’s log up with it',
  'logs:UpdateLogDelivery': 'takes no resource; Step Functions sets the delivery of a machine’s log up with it',
  'xray:GetSamplingRules': 'X-Ray takes no resource',
  'xray:GetSamplingTargets': 'X-Ray takes no resource',
  'xray:PutTelemetryRecords': 'X-Ray takes no resource',
  'xray:PutTraceSegments': 'X-Ray takes no resource',
};
