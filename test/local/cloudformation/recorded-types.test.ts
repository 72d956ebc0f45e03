import { expect, test } from '@jest/globals';
import { recordedTypes } from '../../../infra/local/cloudformation/recorded-types.ts';
import { atRest, createStack, openStage } from './stage.ts';

const types = recordedTypes({ account: '123456789012', region: 'eu-west-1' });
const request = (type: string, properties: Record<string, unknown> = {}) => ({
  ...{ type, properties, logicalId: 'Thing', stackName: 'shop', stackId: 'arn:stack/shop/1', seed: 'ab'.repeat(16) },
  signal: AbortSignal.abort(),
});

test.each<[string, Record<string, unknown>, RegExp, Record<string, unknown>]>([
  ['AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }, /^vpc-[0-9a-f]{17}$/, { CidrBlock: '10.0.0.0/16' }],
  [
    'AWS::EC2::SecurityGroup',
    { VpcId: 'vpc-1' },
    /^sg-[0-9a-f]{17}$/,
    { VpcId: 'vpc-1', GroupId: expect.stringMatching(/^sg-/) },
  ],
  ['AWS::SNS::Topic', {}, /^arn:aws:sns:eu-west-1:123456789012:shop-Thing-[A-Z2-7]{12}$/, {}],
  ['AWS::SSM::Parameter', { Name: '/a', Value: 'v' }, /^\/a$/, { Value: 'v', Type: 'String' }],
  [
    'AWS::ECR::Repository',
    { RepositoryName: 'web' },
    /^web$/,
    { RepositoryUri: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web' },
  ],
  ['AWS::KMS::Key', {}, /^[0-9a-f-]{36}$/, { Arn: expect.stringMatching(/^arn:aws:kms:eu-west-1:123456789012:key\//) }],
])(
  '%s has the Ref and attributes of its kind, the same for the same seed',
  async (type, properties, id, attributes) => {
    const provider = types[type];
    const made = await provider?.create(request(type, properties));
    expect(made?.physicalId).toMatch(id);
    expect(made?.attributes).toMatchObject(attributes);
    expect(await provider?.create(request(type, properties))).toEqual(made);
    const physicalId = made?.physicalId ?? '';
    const updated = await provider?.update({ ...request(type, properties), physicalId, previous: {} });
    expect(updated?.physicalId).toBe(physicalId);
  },
);

test('recorded resources carry each other through a stack', async () => {
  const stage = await openStage();
  await createStack(stage, 'net', {
    Parameters: { Zone: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/unused' } },
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
      Setting: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/net/vpc', Type: 'String', Value: { Ref: 'Vpc' } } },
      Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
    },
    Outputs: { Vpc: { Value: { 'Fn::GetAtt': 'Subnet.VpcId' } } },
  });
  const net = await atRest(stage, 'net');
  expect(net.Outputs?.[0]?.OutputValue).toMatch(/^vpc-/);
  const reading = (path: string) => ({
    Parameters: { Vpc: { Type: 'AWS::SSM::Parameter::Value<String>', Default: path } },
    Resources: { A: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'Vpc' } } } },
  });
  await createStack(stage, 'app', reading('/net/vpc'));
  await atRest(stage, 'app');
  expect(stage.calls[0]?.properties).toEqual({ DisplayName: net.Outputs?.[0]?.OutputValue });
  await expect(createStack(stage, 'lost', reading('/nope'))).rejects.toThrow('Unable to fetch parameters [/nope]');
  await stage.close();
});
