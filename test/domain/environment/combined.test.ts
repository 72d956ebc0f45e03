import { describe, expect, test } from '@jest/globals';
import { keyPath } from '../../../functions/domain/configuration/finding.ts';
import { parseConfiguration } from '../../../functions/domain/configuration/parse-configuration.ts';
import { clusterSchema } from '../../../functions/domain/environment/cluster.ts';
import { combinedSchema } from '../../../functions/domain/environment/combined.ts';
import { environmentSchema, variableOf } from '../../../functions/domain/environment/environment.ts';
import { awsCluster, sampleEnvironment } from '../../support/sample-configuration.ts';

const cluster = { name: 'main', aws: awsCluster };
const repository = {
  owner: 'acme',
  name: 'shop',
  id: 1,
  installationId: 2,
  targets: [{ branch: 'main', environment: 'prod' }],
};
const file = { cluster, environments: [{ fullName: 'prod' }, { fullName: 'eu-staging' }], repositories: [repository] };

const findingsOf = (document: unknown) => {
  const parsed = parseConfiguration(combinedSchema, document);
  return parsed.kind === 'invalid'
    ? parsed.findings.map(({ keys, ...finding }) => ({ path: keyPath(keys), ...finding }))
    : [];
};

test('a combined file gives the same cluster and environments as separate files', () => {
  const combined = combinedSchema.parse(file);
  expect(combined.cluster).toEqual(clusterSchema.parse(cluster));
  expect(combined.environments).toEqual(
    ['prod', 'eu-staging'].map((fullName) => environmentSchema.parse({ fullName, clusterName: 'main' })),
  );
});

test('an environment has a default for each of our own keys', () => {
  expect(environmentSchema.parse({ fullName: 'prod', clusterName: 'main' })).toMatchObject({
    kind: 'aws',
    approval: 'risky',
    fixForward: false,
    smallTableRows: 10_000,
    aws: { hostHeader: '*.*' },
    sizes: { light: { cpu: 128, memory: 256 } },
  });
});

test('a size map may name one size and half of it', () => {
  const { sizes } = sampleEnvironment({ sizes: { heavy: { memory: 4096 } } });
  expect(sizes).toMatchObject({ light: { cpu: 128 }, heavy: { cpu: 1024, memory: 4096 } });
});

test('a variable is a value or a join', () => {
  const environment = sampleEnvironment();
  expect(variableOf(environment, 'upstream-jwks')).toBe('https://keys.example');
  expect(variableOf(environment, 'origins')).toBe('a,b');
  expect(variableOf(environment, 'missing')).toBeUndefined();
});

test('GitHub ids may be numbers or text, and are text afterwards', () => {
  expect(combinedSchema.parse(file).repositories).toMatchObject([
    { id: '1', installationId: '2', checksEnabled: true },
  ]);
});

describe('every required part of a cluster is asked for by name', () => {
  const parts = ['vpcId', 'awsAccount', 'awsRegion', 'globalNamespace', 'albIngress', 'ecsCluster', 'deployRoleArn'];
  test.each(parts)('%s', (part) => {
    const { [part]: _, ...rest } = { ...awsCluster } as Record<string, unknown>;
    expect(findingsOf({ ...file, cluster: { name: 'main', aws: rest } })).toContainEqual(
      expect.objectContaining({ path: `cluster.aws.${part}`, message: expect.stringContaining('is required') }),
    );
  });

  test.each(['clusterName', 'taskExecutionRole', 'defaultRegistry'])('ecsCluster.%s', (part) => {
    const { [part]: _, ...ecsCluster } = { ...awsCluster.ecsCluster } as Record<string, unknown>;
    expect(findingsOf({ ...file, cluster: { name: 'main', aws: { ...awsCluster, ecsCluster } } })).toContainEqual(
      expect.objectContaining({ path: `cluster.aws.ecsCluster.${part}` }),
    );
  });
});

const withAws = (aws: object) => ({ ...file, cluster: { name: 'main', aws: { ...awsCluster, ...aws } } });
const withEnvironment = (environment: object) => ({ ...file, environments: [{ fullName: 'prod', ...environment }] });
const policy = { name: 'a', policyArn: 'arn:aws:iam::aws:policy/A' };
const link = { lookupName: 'eu', fullName: 'eu-prod', snsPrefix: 'arn:aws:sns:eu-west-1:000000000000:eu-prod' };
const principal = { name: 'reader', arn: 'arn:aws:iam::000000000000:role/reader' };
const withTarget = (target: object) => ({ ...file, repositories: [{ ...repository, targets: [target] }] });

test.each<[string, unknown, string, RegExp, string?]>([
  ['an empty file', {}, '(top)', /holds nothing/],
  ['an account as a number', withAws({ awsAccount: 1 }), 'cluster.aws.awsAccount', /put it in quotes/],
  ['a role that is no ARN', withAws({ deployRoleArn: 'deploy' }), 'cluster.aws.deployRoleArn', /expected an ARN/],
  [
    'a server with two kinds of login',
    withAws({
      rdsHosts: [{ ...awsCluster.rdsHosts[0], auth: { iam: { dbUser: 'a' }, secretsManager: { secretName: 'b' } } }],
    }),
    'cluster.aws.rdsHosts[0].auth',
    /exactly one of secretsManager, iam/,
  ],
  [
    'a server group named twice',
    withAws({ rdsHosts: [awsCluster.rdsHosts[0], awsCluster.rdsHosts[0]] }),
    'cluster.aws.rdsHosts[1].serverGroupName',
    /declared twice/,
  ],
  [
    'an unknown kind',
    withEnvironment({ kind: 'host' }),
    'environments[0].kind',
    /expected one of aws, digitalocean, hosts/,
    'hosts',
  ],
  [
    'an environment of another cluster',
    withEnvironment({ clusterName: 'mian' }),
    'environments[0].clusterName',
    /about the cluster main/,
    'main',
  ],
  [
    'an environment of no cluster',
    { environments: [{ fullName: 'prod' }] },
    'environments[0].clusterName',
    /is required/,
  ],
  [
    'two environments of one name',
    { ...file, environments: [{ fullName: 'prod' }, { fullName: 'prod' }] },
    'environments[1].fullName',
    /declared twice/,
  ],
  [
    'a variable with value and join',
    withEnvironment({ vars: [{ name: 'a', value: 'b', join: { delimiter: ',', values: [] } }] }),
    'environments[0].vars[0]',
    /exactly one of value, join/,
  ],
  [
    'a key of the original that is gone',
    withEnvironment({ aws: { ecsRepo: 'registry.example' } }),
    'environments[0].aws.ecsRepo',
    /was removed: use aws\.ecsCluster\.defaultRegistry/,
  ],
  [
    'two variables of one name',
    withEnvironment({
      vars: [
        { name: 'a', value: 'b' },
        { name: 'a', value: 'c' },
      ],
    }),
    'environments[0].vars[1].name',
    /"a" is declared twice \(see \[0\]\)/,
  ],
  [
    'two policies of one name',
    withEnvironment({ aws: { iamPolicies: [policy, { ...policy, policyArn: 'arn:aws:iam::aws:policy/B' }] } }),
    'environments[0].aws.iamPolicies[1].name',
    /declared twice/,
  ],
  [
    'two links of one name',
    withEnvironment({ aws: { environmentLinks: [link, { ...link, fullName: 'us' }] } }),
    'environments[0].aws.environmentLinks[1].lookupName',
    /declared twice/,
  ],
  [
    'two principals of one name',
    withEnvironment({ aws: { grantPrincipals: [principal, principal] } }),
    'environments[0].aws.grantPrincipals[1].name',
    /declared twice/,
  ],
  [
    'a link with the name that means every environment',
    withEnvironment({ aws: { environmentLinks: [{ ...link, lookupName: '*' }] } }),
    'environments[0].aws.environmentLinks[0].lookupName',
    /means every environment/,
  ],
  [
    'origins that are no parameter together',
    withEnvironment({ corsOrigins: Array.from({ length: 200 }, (_, n) => `https://some.shop.example/${n}`) }),
    'environments[0].corsOrigins',
    /at most 4096 characters/,
  ],
  [
    'a key address that would be two',
    withEnvironment({ trustJwks: ['https://a.example,https://b.example'] }),
    'environments[0].trustJwks[0]',
    /without blanks and commas/,
  ],
  [
    'a host header without a dot',
    withEnvironment({ aws: { hostHeader: '*' } }),
    'environments[0].aws.hostHeader',
    /with a dot/,
  ],
  [
    'a target of no environment',
    withTarget({ branch: 'main', environment: 'prd' }),
    'repositories[0].targets[0].environment',
    /there is no environment "prd"/,
    'prod',
  ],
  [
    'a target of branch and tag',
    withTarget({ branch: 'main', tag: 'v1', environment: 'prod' }),
    'repositories[0].targets[0]',
    /exactly one of branch, tag/,
  ],
  [
    'a glob that is none',
    withTarget({ branch: 'a[', environment: 'prod' }),
    'repositories[0].targets[0].branch',
    /not a glob: "a\[": a \[ is not closed/,
  ],
  [
    'globs that only take away',
    withTarget({ branch: ['!main'], environment: 'prod' }),
    'repositories[0].targets[0].branch',
    /without !/,
  ],
  [
    'an application outside the repository',
    withTarget({ branch: 'main', environment: 'prod', application: '../a.yaml' }),
    'repositories[0].targets[0].application',
    /expected the path/,
  ],
  [
    'a repository configured twice',
    { ...file, repositories: [repository, repository] },
    'repositories[1].id',
    /declared twice/,
  ],
  [
    'an id that is a word',
    { ...file, repositories: [{ ...repository, id: 'shop' }] },
    'repositories[0].id',
    /the number that GitHub gave/,
  ],
])('refuses %s by its key path', (...[, document, path, message, close]) => {
  expect(findingsOf(document)).toContainEqual(
    expect.objectContaining({ path, message: expect.stringMatching(message), ...(close && { nearest: close }) }),
  );
});
