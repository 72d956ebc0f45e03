import { expect } from '@jest/globals';
import { parse } from 'yaml';
import { type Application, applicationSchema } from '../../functions/domain/application/application.ts';
import { parseConfiguration } from '../../functions/domain/configuration/parse-configuration.ts';
import { buildTemplate } from '../../functions/domain/template/build-template.ts';
import type { Template } from '../../functions/domain/template/template.ts';
import { guarded } from '../support/guard.ts';
import { livesOf } from '../support/in-example-cluster.ts';
import { fixture, testWithFixtures } from '../support/o5-fixtures.ts';
import { boundaryVerdict, rightsOf } from '../support/role-rights.ts';
import { awsCluster, sampleCluster, sampleEnvironment, sha256 } from '../support/sample-configuration.ts';
import { serviceRole } from '../support/service-role.ts';
import { findings } from '../support/specification-findings.ts';

// Applications that others wrote, in the cluster of the example stage, before what others judge templates by.
const names = ['dante', 'j5', 'jwtauth', 'o5-deploy-aws', 'o5-ui', 'registry', 'trigger'];

const read = (name: string): Application => {
  const parsed = parseConfiguration(applicationSchema, parse(fixture(name)));
  if (parsed.kind === 'invalid') throw new Error(`${name}: ${JSON.stringify(parsed.findings)}`);
  return parsed.value;
};

/** With every variable, policy and server that the application names. */
const built = (application: Application): Template => {
  const variables = application.runtimes.flatMap(({ containers }) =>
    containers.flatMap(({ envVars }) => envVars.flatMap(({ fromEnv }) => fromEnv?.name ?? [])),
  );
  const policies = application.runtimes.flatMap(({ namedEnvPolicies }) => namedEnvPolicies);
  const distinct = (list: readonly string[]) => [...new Set(list)];
  const [host] = awsCluster.rdsHosts;
  const groups = application.databases.map(({ postgres }) => postgres.serverGroup);
  return buildTemplate({
    application,
    environment: sampleEnvironment({
      ...{ fullName: 'dev', clusterName: 'local' },
      vars: distinct(variables).map((name) => ({ name, value: 'value' })),
      aws: { iamPolicies: distinct(policies).map((name) => ({ name, policyArn: `arn:aws:iam::aws:policy/${name}` })) },
    }),
    cluster: {
      ...sampleCluster({
        awsRegion: 'eu-west-1',
        eventBridge: { eventBusArn: 'arn:aws:events:eu-west-1:000000000000:event-bus/applications' },
        o5Sidecar: { imageVersion: '1.2.3' },
        rdsHosts: distinct(groups).map((serverGroupName) => ({ ...host, serverGroupName })),
      }),
      name: 'local',
    },
    version: 'c0ffee',
    hash: sha256,
  }).template;
};

const templates = () => names.map((name) => built(read(name)));

testWithFixtures('real applications keep the rules of test/infra/rules', () => {
  expect(new Set(guarded(templates()).flatMap(({ broken }) => broken))).toEqual(new Set());
});

testWithFixtures("every property of real applications is one of AWS's specification", () => {
  expect(templates().flatMap((template, index) => findings({ name: names[index] ?? '', template }))).toEqual([]);
});

testWithFixtures('real applications are made, changed and deleted under the service role', async () => {
  const authorize = await serviceRole();
  for (const template of templates()) for (const question of livesOf(template)) authorize(question);
});

testWithFixtures('what the roles of real applications may, the boundary lets through', () => {
  const rights = templates().flatMap(rightsOf);
  expect(rights.filter((right) => boundaryVerdict(right) !== 'allow')).toEqual([]);
  expect(rights.length).toBeGreaterThan(20);
});
