import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { deployTemplate } from '../../../infra/local/cloudformation/deploy-template.ts';
import { openStage, type Stage, seen, topic } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const template = (name: string) =>
  JSON.stringify({
    Parameters: { Name: { Type: 'String' } },
    Resources: { A: topic({ DisplayName: { Ref: 'Name' }, TopicName: name }) },
    Outputs: { Said: { Value: { Ref: 'Name' } } },
  });

test('creates, changes, and takes nothing to do for a success', async () => {
  const deploy = (name: string) =>
    deployTemplate(stage.client, { stackName: 'cloud', templateBody: template('t'), parameters: { Name: name } });
  expect(await deploy('a')).toEqual({ Said: 'a' });
  expect(await deploy('a')).toEqual({ Said: 'a' });
  expect(await deploy('b')).toEqual({ Said: 'b' });
  expect(seen(stage)).toEqual(['create A', 'update A']);
});

test('a failure names the resource and its reason', async () => {
  stage.scripts.set('create A', { fail: 'no room left' });
  await expect(
    deployTemplate(stage.client, { stackName: 'cloud', templateBody: template('t'), parameters: { Name: 'a' } }),
  ).rejects.toThrow('Stack cloud ended as ROLLBACK_COMPLETE: A: no room left');
});

test('what is left of a failed create is no obstacle to the next one', async () => {
  const deploy = () =>
    deployTemplate(stage.client, { stackName: 'cloud', templateBody: template('t'), parameters: { Name: 'a' } });
  stage.scripts.set('create A', { fail: 'no room left' });
  await expect(deploy()).rejects.toThrow('no room left');
  stage.scripts.delete('create A');
  expect(await deploy()).toEqual({ Said: 'a' });
});

test('a template larger than a request body may be is deployed too', async () => {
  const templateBody = template('t').replace('"A"', `"${'A'.repeat(60_000)}"`);
  await deployTemplate(stage.client, { stackName: 'cloud', templateBody, parameters: { Name: 'a' } });
  expect(stage.calls).toHaveLength(1);
});
