import { expect, test } from '@jest/globals';
import { checkAnswer, clusterSilence, findingsOfCheck } from '../../../functions/domain/environment/check-answer.ts';
import { sampleAnswer, sampleCluster, sampleEnvironment } from '../../support/sample-configuration.ts';

const findings = (...environments: readonly object[]) =>
  checkAnswer(environments.map(sampleEnvironment), 'main', sampleAnswer).map(({ keys, message, nearest }) => ({
    path: keys.join('.'),
    message,
    nearest,
  }));

test('environments that the cluster stack knows, with policies that it may attach, have nothing against them', () => {
  expect(findings({ fullName: 'prod' }, { fullName: 'dev' })).toEqual([]);
});

test('an environment that the cluster stack has no roles for is named, with the nearest that it knows', () => {
  expect(findings({ fullName: 'prod' }, { fullName: 'prood' })).toEqual([
    {
      path: 'environments.1.fullName',
      message: expect.stringContaining('slipway-cluster-main has no roles for prood'),
      nearest: 'prod',
    },
  ]);
});

test('a policy that CloudFormation may not attach is named where it stands', () => {
  const iamPolicies = [
    { name: 'mail', policyArn: 'arn:aws:iam::aws:policy/Mail' },
    { name: 'all', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
  ];
  expect(findings({ aws: { iamPolicies } })).toEqual([
    {
      path: 'environments.0.aws.iamPolicies.1.policyArn',
      message: expect.stringContaining('may not attach arn:aws:iam::aws:policy/AdministratorAccess'),
      nearest: undefined,
    },
  ]);
});

test('environments of other clusters and of other kinds are none of its business', () => {
  expect(findings({ fullName: 'far', clusterName: 'other' }, { fullName: 'hosts', kind: 'hosts' })).toEqual([]);
});

test('a cluster that has answered for an environment is not silent about it', () => {
  expect(clusterSilence(sampleEnvironment(), sampleCluster())).toBeUndefined();
  const { answer: _, ...silent } = sampleCluster();
  expect(clusterSilence(sampleEnvironment({ kind: 'hosts' }), silent)).toBeUndefined();
});

test('a cluster is silent that never answered, is older than what steps need, or has no roles for the environment', () => {
  const { answer: _, ...silent } = sampleCluster();
  expect(clusterSilence(sampleEnvironment(), silent)).toMatch(/never answered.*slipway apply/);
  const older = { ...sampleCluster(), answer: { ...sampleAnswer, version: 0 } };
  expect(clusterSilence(sampleEnvironment(), older)).toMatch(/answered as version 0, and version 2 is needed/);
  expect(clusterSilence(sampleEnvironment({ fullName: 'new' }), sampleCluster())).toMatch(/no roles for new\. Add it/);
});

test('what a check found stands at its place in the file', () => {
  const remedy = 'Write it';
  expect(findingsOfCheck({ kind: 'answered', answer: sampleAnswer })).toEqual([]);
  expect(findingsOfCheck({ kind: 'silent', message: 'There is no stack', remedy })).toMatchObject([
    { keys: ['cluster'], message: 'has not answered: There is no stack. Write it' },
  ]);
  const differences = [{ keyPath: 'cluster.aws.boundaryArn', configured: 'a', found: 'b' }];
  expect(findingsOfCheck({ kind: 'different', differences, remedy })).toMatchObject([
    { keys: ['cluster', 'aws', 'boundaryArn'], message: 'is a, but the cluster stack has b. Write it' },
  ]);
});
