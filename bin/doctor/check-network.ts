import type { ClusterSite } from '../../infra/aws/stage.ts';
import { messageOf } from '../message-of.ts';
import type { ClientSettings } from './account.ts';
import { type Check, type Diagnosis, missing, ok, unknown } from './diagnosis.ts';
import { queryCall, textsOf } from './query-call.ts';

const VERSION = '2016-11-15';

/** Subnets and security groups that the stage names are there, and all of the VPC that it names. */
export const checkNetwork = (settings: ClientSettings, { name, network }: ClusterSite): Check => ({
  name: `network of cluster ${name}`,
  run: async () => {
    const { vpcId, subnetIds, securityGroupIds } = network;
    const found = await Promise.all([
      look(settings, vpcId, { action: 'DescribeSubnets', key: 'SubnetId', ids: subnetIds }),
      look(settings, vpcId, { action: 'DescribeSecurityGroups', key: 'GroupId', ids: securityGroupIds }),
    ]);
    return (
      found.find(({ kind }) => kind === 'missing') ??
      found.find(({ kind }) => kind === 'unknown') ??
      ok(`${[...subnetIds, ...securityGroupIds].join(', ')} of ${vpcId}`)
    );
  },
});

interface Question {
  readonly action: 'DescribeSubnets' | 'DescribeSecurityGroups';
  readonly key: string;
  readonly ids: readonly string[];
}

const look = async (settings: ClientSettings, vpcId: string, { action, key, ids }: Question): Promise<Diagnosis> => {
  const input = Object.fromEntries(ids.map((id, index) => [`${key}.${index + 1}`, id]));
  const answer = await queryCall(settings, { service: 'ec2', version: VERSION, action, input }).catch(
    (error: unknown) => ({ kind: 'refused', code: 'Unreachable', message: messageOf(error) }) as const,
  );
  if (answer.kind === 'answered') {
    const elsewhere = textsOf(answer.xml, 'vpcId').filter((id) => id !== vpcId);
    return elsewhere.length === 0
      ? ok(ids.join(', '))
      : missing(`Not all of ${ids.join(', ')} are of ${vpcId}: some are of ${elsewhere.join(', ')}`, REMEDY);
  }
  // InvalidSubnetID.NotFound, InvalidGroup.NotFound, InvalidGroupId.Malformed, ...
  return /^Invalid/.test(answer.code)
    ? missing(answer.message, REMEDY)
    : unknown(`EC2 does not tell: ${answer.message}`, `Allow yourself ec2:${action}`);
};

const REMEDY = 'Correct network of the cluster in infra/aws/stages.ts';
