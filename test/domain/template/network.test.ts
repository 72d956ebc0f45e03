import { describe, expect, test } from '@jest/globals';
import { buildTemplate } from '../../../functions/domain/template/build-template.ts';
import { awsCluster, sampleRuntime } from '../../support/sample-configuration.ts';
import { fargateKeys, sampleInput } from '../../support/sample-place.ts';

const databases = [
  { name: 'main', postgres: {} },
  { name: 'unused', postgres: { serverGroup: 'elsewhere' } },
];
const rdsHosts = [
  ...awsCluster.rdsHosts,
  { ...awsCluster.rdsHosts[0], serverGroupName: 'elsewhere', clientSecurityGroupId: 'sg-elsewhere' },
];
const runtime = sampleRuntime({
  containers: [
    { name: 'web', imageUrl: 'a:1', envVars: [{ name: 'A', database: { databaseName: 'main' } }], demand: 'MEDIUM' },
    { name: 'side', imageUrl: 'a:1' },
  ],
  routes: [
    { prefix: '/shop/', protocol: 'HTTP', bypassIngress: true, port: 9000 },
    { prefix: '/', protocol: 'HTTP' },
  ],
});

const built = (cluster: object) =>
  buildTemplate(sampleInput({ application: { databases, runtimes: [runtime] }, cluster: { rdsHosts, ...cluster } }));
const resources = (cluster: object) => built(cluster).template.Resources;
const ofType = (cluster: object, type: string) =>
  Object.values(resources(cluster)).filter(({ Type }) => Type === `AWS::${type}`);

describe('O9: on Fargate', () => {
  const base = { ecsCluster: { ...fargateKeys.ecsCluster, baseSecurityGroupId: 'sg-base' } };

  test('a service stands in the subnets under its own group, that of all tasks, and those of its servers', () => {
    expect(resources(base)['ECSServiceMain']?.Properties).toMatchObject({
      LaunchType: 'FARGATE',
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          AssignPublicIp: 'DISABLED',
          SecurityGroups: [{ 'Fn::GetAtt': ['EC2SecurityGroupMain', 'GroupId'] }, 'sg-base', 'sg-clients'],
          Subnets: ['subnet-a', 'subnet-b'],
        },
      },
    });
  });

  test('a task has the next size that Fargate knows, and its containers listen on ports of their own', () => {
    expect(resources(fargateKeys)['ECSTaskDefinitionMain']?.Properties).toMatchObject({
      NetworkMode: 'awsvpc',
      RequiresCompatibilities: ['FARGATE'],
      // 512 + 128 + 128 units, 1024 + 256 + 128 MiB.
      Cpu: '1024',
      Memory: '2048',
      ContainerDefinitions: [
        { PortMappings: [{ ContainerPort: 9000, HostPort: 9000, Protocol: 'tcp' }] },
        {},
        { PortMappings: [{ ContainerPort: 8888, HostPort: 8888, Protocol: 'tcp' }] },
      ],
    });
  });

  test('the load balancer reaches the ports that are really used, at the address of the task', () => {
    expect(resources(fargateKeys)['EC2SecurityGroupMain']?.Properties?.['SecurityGroupIngress']).toEqual(
      [8888, 9000].map((port) => ({
        IpProtocol: 'tcp',
        FromPort: port,
        ToPort: port,
        SourceSecurityGroupId: { Ref: 'LoadBalancerSecurityGroup' },
      })),
    );
    const groups = ofType(fargateKeys, 'ElasticLoadBalancingV2::TargetGroup');
    expect(groups.map(({ Properties }) => Properties?.['TargetType'])).toEqual(['ip', 'ip']);
  });

  test('target groups have other names than on a bridge, for their type cannot change', () => {
    const names = (cluster: object) =>
      ofType(cluster, 'ElasticLoadBalancingV2::TargetGroup').map(({ Properties }) => Properties?.['Name']);
    expect(new Set([...names(fargateKeys), ...names({})]).size).toBe(4);
  });
});

test('EC2 is what a cluster has that names no launch type', () => {
  const named = { ecsCluster: { ...awsCluster.ecsCluster, launchType: 'EC2' } };
  expect(JSON.stringify(built(named))).toBe(JSON.stringify(built({})));
  expect(resources({})['ECSServiceMain']?.Properties).not.toHaveProperty('NetworkConfiguration');
  expect(resources({})['ECSTaskDefinitionMain']?.Properties).toMatchObject({ NetworkMode: 'bridge' });
});
