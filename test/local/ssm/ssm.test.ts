import { afterEach, expect, test } from '@jest/globals';
import { AwsClient } from 'aws4fetch';
import { createSsm } from '../../../infra/local/ssm/ssm.ts';
import type { Front } from '../../../infra/local/wire/front.ts';
import { onWire } from '../../support/lone-part.ts';
import { create, resourceRequest, testWorld } from '../test-world.ts';

let front: Front | undefined;
afterEach(() => front?.close());

const TYPE = 'AWS::SSM::Parameter';
const ARN = 'arn:aws:ssm:eu-central-1:111122223333:parameter/cdk-bootstrap/version';
const parameter = { Name: '/cdk-bootstrap/version', Type: 'String', Value: '33' };

/** The wire as SDK clients speak it; none of them is installed for this service. */
const ssm = async (accessKeyId = 'operator') => {
  const part = createSsm(testWorld());
  front = await onWire(part, { reader: [`ssm:GetParameter ${ARN}`] });
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey: 'secret',
    region: 'eu-central-1',
    service: 'ssm',
    retries: 0,
  });
  const { url } = front;
  const call = async (operation: string, input: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonSSM.${operation}` };
    return (await client.fetch(url, { method: 'POST', headers, body: JSON.stringify(input) })).json();
  };
  return { part, call };
};

test('a parameter of a template is read by its name, and its version rises with every change', async () => {
  const { part, call } = await ssm();
  expect(await create(part, TYPE, 'Version', parameter)).toEqual({
    physicalId: parameter.Name,
    attributes: { Type: 'String', Value: '33' },
  });
  expect(await call('GetParameter', { Name: parameter.Name })).toMatchObject({
    Parameter: { ...parameter, Version: 1, ARN, DataType: 'text' },
  });
  const changed = resourceRequest(TYPE, 'Version', { ...parameter, Value: '34' });
  await part.resources?.[TYPE]?.update({ ...changed, physicalId: parameter.Name, previous: parameter });
  expect(await call('GetParameters', { Names: [parameter.Name, '/other'] })).toMatchObject({
    Parameters: [{ Value: '34', Version: 2 }],
    InvalidParameters: ['/other'],
  });
});

test('one without a name gets one, and one that was deleted is not found', async () => {
  const { part, call } = await ssm();
  const { physicalId } = await create(part, TYPE, 'Nameless', { Type: 'String', Value: 'x' });
  expect(physicalId).toMatch(/^CFN-\w{12}$/);
  await part.resources?.[TYPE]?.delete({ ...resourceRequest(TYPE, 'Nameless', {}), physicalId });
  expect(await call('GetParameter', { Name: physicalId })).toMatchObject({
    __type: 'ParameterNotFound',
    message: `Parameter ${physicalId} not found.`,
  });
});

test('a caller reads what it was granted and nothing else', async () => {
  const { part, call } = await ssm('reader');
  await create(part, TYPE, 'Version', parameter);
  expect(await call('GetParameter', { Name: parameter.Name })).toMatchObject({ Parameter: { Value: '33' } });
  expect(await call('GetParameter', { Name: '/other' })).toMatchObject({ __type: 'AccessDenied' });
});
