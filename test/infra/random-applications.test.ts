import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildTemplate } from '../../functions/domain/template/build-template.ts';
import type { Template } from '../../functions/domain/template/template.ts';
import { exampleIamAdmin } from '../support/example-iam-admin.ts';
import { guarded } from '../support/guard.ts';
import { livesOf } from '../support/in-example-cluster.ts';
import { inputOf, type RandomCase, randomCases } from '../support/random-application.ts';
import { boundaryVerdict, rightsOf } from '../support/role-rights.ts';
import { serviceRole } from '../support/service-role.ts';
import { findings } from '../support/specification-findings.ts';

// Applications that nobody thought of, in the cluster of the example stage, before what others judge templates by.
const inExampleCluster = (one: RandomCase): Template => {
  const { application, environment, cluster, ...rest } = inputOf(one);
  const eventBridge = { eventBusArn: 'arn:aws:events:eu-west-1:000000000000:event-bus/applications' };
  const { identifier } = exampleIamAdmin;
  const rdsHosts = cluster.aws.rdsHosts.map((host) => ({ ...host, identifier }));
  return buildTemplate({
    ...rest,
    application,
    environment: { ...environment, fullName: 'dev', clusterName: 'local' },
    cluster: { ...cluster, name: 'local', aws: { ...cluster.aws, awsRegion: 'eu-west-1', eventBridge, rdsHosts } },
  }).template;
};

const seed = fc.sample(fc.nat(), 1)[0] ?? 0;
const templates = fc.sample(randomCases, { numRuns: 20, seed }).map(inExampleCluster);

test(`random applications (seed ${seed}) keep the rules of test/infra/rules`, () => {
  // It is the slowest of the judges by far.
  expect(new Set(guarded(templates.slice(0, 8)).flatMap(({ broken }) => broken))).toEqual(new Set());
});

test(`every property of random applications (seed ${seed}) is one of AWS's specification`, () => {
  expect(templates.flatMap((template) => findings({ name: template.Description ?? '', template }))).toEqual([]);
});

test(`random applications (seed ${seed}) are made, changed and deleted under the service role`, async () => {
  const authorize = await serviceRole();
  for (const template of templates) for (const question of livesOf(template)) authorize(question);
});

test(`what the roles of random applications (seed ${seed}) may, the boundary lets through`, () => {
  const rights = templates.flatMap(rightsOf);
  expect(rights.filter((right) => !isOfOthers(right.resource) && boundaryVerdict(right) !== 'allow')).toEqual([]);
  expect(rights.length).toBeGreaterThan(0);
});

/** Buckets by name, which a stage has to let through; functions/domain/environment/check-buckets.ts. */
const isOfOthers = (resource: string) => resource.startsWith('arn:aws:s3:::') && !resource.includes('.dev.eu-west-1.');
