import { expect, test } from '@jest/globals';
import { role } from '../../../functions/domain/template/role.ts';
import { sampleRuntimeBuild } from '../../support/sample-build.ts';

const policiesOf = (sample: Parameters<typeof sampleRuntimeBuild>[0]) => {
  const { runtime, build } = sampleRuntimeBuild(sample);
  const [made] = Object.values(role(runtime, build));
  return made?.Properties?.['Policies'];
};
const envVars = [{ name: 'FILES', blobstore: { name: 'files', s3Direct: true } }];
const everything = {
  application: { blobstores: [{ name: 'files' }], targets: [{ name: 'orders' }] },
  runtime: {
    containers: [{ name: 'web', imageUrl: 'a:1', envVars, mountDockerSocket: true }],
    subscriptions: [{ name: 'orders' }],
  },
};

test('a role has one inline policy for each kind of right, named as the original names them, in order', () => {
  expect(policiesOf(everything)).toMatchObject(
    ['ecr-pull', 'eventbridge-publish', 's3-readwrite', 'sqs-subscribe'].map((policy) => ({
      PolicyName: `prod-prod-shop_main-${policy}`,
      PolicyDocument: { Version: '2012-10-17' },
    })),
  );
});

test('a statement allows its actions on its resources under its condition', () => {
  const [, publish] = policiesOf(everything) as readonly unknown[];
  expect(publish).toEqual({
    PolicyName: 'prod-prod-shop_main-eventbridge-publish',
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['events:PutEvents'],
          Resource: [{ Ref: 'EventBusARN' }],
          Condition: expect.objectContaining({ StringEquals: { 'events:detail-type': 'o5-message/v1' } }),
        },
      ],
    },
  });
});

test('a runtime that needs no rights of its own has no policies, and its role stays as it was', () => {
  expect(policiesOf({})).toBeUndefined();
});

test('names of policies stay within the 128 characters that IAM takes', () => {
  const fullName = `e${'n'.repeat(62)}`;
  for (const { PolicyName } of policiesOf({ ...everything, environment: { fullName } }) as { PolicyName: string }[])
    expect(PolicyName).toMatch(/^[\w+=,.@-]{1,128}$/);
});
