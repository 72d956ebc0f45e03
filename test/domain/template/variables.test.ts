import { expect, test } from '@jest/globals';
import { containerVariables } from '../../../functions/domain/template/variables.ts';
import { sampleRuntime } from '../../support/sample-configuration.ts';
import { fargateKeys, only, sampleBuild } from '../../support/sample-place.ts';

const variables = (envVars: object[], place: object = {}, application: object = {}) => {
  const build = sampleBuild({
    application: {
      blobstores: [{ name: 'files' }, { name: 'theirs', ref: { bucketName: 'somebodys-bucket' } }],
      databases: [{ name: 'main', postgres: {} }],
      secrets: [{ name: 'keys' }],
      runtimes: [sampleRuntime({ containers: [{ name: 'web', imageUrl: 'a:1', envVars }] })],
      ...application,
    },
    ...place,
  });
  const { containers } = only(build.application.runtimes);
  return containerVariables(only(containers), build);
};

test('O13: one container with all six kinds has each as its application file says', () => {
  const all = [
    { name: 'F', o5: 'ADAPTER_ENDPOINT' },
    { name: 'E', secret: { secretName: 'keys', jsonKey: 'k' } },
    { name: 'D', fromEnv: { name: 'origins' } },
    { name: 'C', blobstore: { name: 'files', subPath: '/in/box', s3Direct: true } },
    { name: 'B', database: { databaseName: 'main' } },
    { name: 'A', value: 'text' },
  ];
  expect(variables(all)).toEqual({
    Environment: [
      { Name: 'A', Value: 'text' },
      { Name: 'AWS_REGION', Value: { Ref: 'AWS::Region' } },
      { Name: 'C', Value: 's3://files.shop.prod.eu-central-1.sample/in/box' },
      { Name: 'D', Value: { Ref: 'EnvVarOrigins' } },
      { Name: 'F', Value: 'http://o5_runtime:8081' },
    ],
    Secrets: [
      { Name: 'B', ValueFrom: { 'Fn::Sub': '${DatabaseSecretMain}:dburl::' } },
      { Name: 'E', ValueFrom: { 'Fn::Sub': '${SecretsManagerSecretAppSecretKeys}:k::' } },
    ],
  });
});

test("a bucket that is somebody else's goes by its own name, without a path when none is given", () => {
  expect(variables([{ name: 'C', blobstore: { name: 'theirs', s3Direct: true } }]).Environment).toContainEqual({
    Name: 'C',
    Value: 's3://somebodys-bucket',
  });
});

test('on Fargate the sidecar is at the same address as the container', () => {
  const adapter = [{ name: 'F', o5: 'ADAPTER_ENDPOINT' }];
  expect(variables(adapter, { cluster: fargateKeys }).Environment).toContainEqual({
    Name: 'F',
    Value: 'http://localhost:8081',
  });
});
