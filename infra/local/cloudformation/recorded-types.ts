import { createHash } from 'node:crypto';
import { generatedName, letters } from '../generated-name.ts';
import type { Resource, ResourceProvider, ResourceRequest, World } from '../part.ts';

/**
 * Types that mean nothing here but are recorded and can be looked at: Ref and attributes have AWS's form, and their ids stay the same
 * for the same seed. A real provider of the type wins.
 */
export const recordedTypes = (world: Pick<World, 'account' | 'region'>): Readonly<Record<string, ResourceProvider>> =>
  Object.fromEntries(Object.entries(TYPES).map(([type, describe]) => [type, recorded(world, describe)]));

type Describe = (request: ResourceRequest, place: Pick<World, 'account' | 'region'>) => Resource;

const recorded = (place: Pick<World, 'account' | 'region'>, describe: Describe): ResourceProvider => ({
  create: async (request) => describe(request, place),
  update: async (request) => ({ ...describe(request, place), physicalId: request.physicalId }),
  delete: async () => {},
});

/** `vpc-0a1b...`: 17 hexadecimal characters. */
const hexId = (prefix: string, { seed }: ResourceRequest) =>
  `${prefix}-${createHash('sha256').update(seed).digest('hex').slice(0, 17)}`;

const ec2 =
  (prefix: string, idAttribute: string, more: (request: ResourceRequest) => object = () => ({})): Describe =>
  (request) => {
    const physicalId = hexId(prefix, request);
    return { physicalId, attributes: { [idAttribute]: physicalId, ...more(request) } };
  };

const named = (request: ResourceRequest, property: string, longest = 64): string =>
  String(request.properties[property] ?? generatedName(request, longest));

/** Ref and nothing else, made up as AWS does. */
const nameless: Describe = (request) => ({ physicalId: generatedName(request, 255), attributes: {} });

const TYPES: Readonly<Record<string, Describe>> = {
  'AWS::CDK::Metadata': (request) => ({ physicalId: uuidOf(request), attributes: {} }),
  'AWS::CloudFormation::WaitConditionHandle': (request, { region }) => ({
    physicalId: `https://cloudformation-waitcondition-${region}.s3.${region}.amazonaws.com/${encodeURIComponent(`${request.stackId}/${request.logicalId}`)}`,
    attributes: {},
  }),
  'AWS::CloudWatch::Alarm': (request, { account, region }) => {
    const name = named(request, 'AlarmName', 255);
    return { physicalId: name, attributes: { Arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}` } };
  },
  'AWS::CloudWatch::Dashboard': (request) => ({ physicalId: named(request, 'DashboardName', 255), attributes: {} }),
  'AWS::EC2::EIP': (request) => {
    const address = `198.51.100.${Number.parseInt(hexId('', request).slice(1, 3), 16)}`;
    return { physicalId: address, attributes: { PublicIp: address, AllocationId: hexId('eipalloc', request) } };
  },
  'AWS::EC2::FlowLog': ec2('fl', 'Id'),
  'AWS::EC2::InternetGateway': ec2('igw', 'InternetGatewayId'),
  'AWS::EC2::NatGateway': ec2('nat', 'NatGatewayId'),
  'AWS::EC2::NetworkAcl': ec2('acl', 'Id'),
  'AWS::EC2::Route': nameless,
  'AWS::EC2::RouteTable': ec2('rtb', 'RouteTableId'),
  'AWS::EC2::SecurityGroup': ec2('sg', 'GroupId', ({ properties }) => ({
    VpcId: properties['VpcId'] ?? 'vpc-default',
  })),
  'AWS::EC2::SecurityGroupEgress': ec2('sgr', 'Id'),
  'AWS::EC2::SecurityGroupIngress': ec2('sgr', 'Id'),
  'AWS::EC2::Subnet': (request, { region }) => {
    const { CidrBlock, VpcId, AvailabilityZone = `${region}a` } = request.properties;
    const SubnetId = hexId('subnet', request);
    return { physicalId: SubnetId, attributes: { SubnetId, CidrBlock, VpcId, AvailabilityZone } };
  },
  'AWS::EC2::SubnetRouteTableAssociation': ec2('rtbassoc', 'Id'),
  'AWS::EC2::VPC': (request) => {
    const VpcId = hexId('vpc', request);
    const { CidrBlock } = request.properties;
    const CidrBlockAssociations = [hexId('vpc-cidr-assoc', request)];
    const DefaultSecurityGroup = hexId('sg', request);
    return { physicalId: VpcId, attributes: { VpcId, CidrBlock, CidrBlockAssociations, DefaultSecurityGroup } };
  },
  'AWS::EC2::VPCEndpoint': ec2('vpce', 'Id'),
  'AWS::EC2::VPCGatewayAttachment': nameless,
  'AWS::ECR::Repository': (request, { account, region }) => {
    const name = named(request, 'RepositoryName', 256).toLowerCase();
    return {
      physicalId: name,
      attributes: {
        Arn: `arn:aws:ecr:${region}:${account}:repository/${name}`,
        RepositoryUri: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
      },
    };
  },
  'AWS::KMS::Alias': (request) => ({ physicalId: named(request, 'AliasName'), attributes: {} }),
  'AWS::KMS::Key': (request, { account, region }) => {
    const KeyId = uuidOf(request);
    return { physicalId: KeyId, attributes: { KeyId, Arn: `arn:aws:kms:${region}:${account}:key/${KeyId}` } };
  },
  'AWS::Lambda::Permission': nameless,
  'AWS::Logs::LogGroup': (request, { account, region }) => {
    const name = named(request, 'LogGroupName', 512);
    return { physicalId: name, attributes: { Arn: `arn:aws:logs:${region}:${account}:log-group:${name}:*` } };
  },
  'AWS::Logs::MetricFilter': nameless,
  'AWS::Logs::ResourcePolicy': (request) => ({ physicalId: named(request, 'PolicyName'), attributes: {} }),
  'AWS::S3::BucketPolicy': (request) => ({ physicalId: String(request.properties['Bucket']), attributes: {} }),
  'AWS::SNS::Subscription': (request) => {
    const arn = `${String(request.properties['TopicArn'])}:${uuidOf(request)}`;
    return { physicalId: arn, attributes: { Arn: arn } };
  },
  'AWS::SNS::Topic': (request, { account, region }) => {
    const TopicName = named(request, 'TopicName', 256);
    const TopicArn = `arn:aws:sns:${region}:${account}:${TopicName}`;
    return { physicalId: TopicArn, attributes: { TopicArn, TopicName } };
  },
  'AWS::SNS::TopicPolicy': nameless,
  'AWS::SSM::Parameter': (request) => {
    const { Type = 'String', Value } = request.properties;
    return {
      physicalId: String(request.properties['Name'] ?? `CFN-${letters(request.seed, 12)}`),
      attributes: { Type, Value },
    };
  },
};

const uuidOf = ({ seed }: ResourceRequest): string => {
  const hex = createHash('sha256').update(seed).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
