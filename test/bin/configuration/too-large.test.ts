import { expect, test } from '@jest/globals';
import { isRead, misfits, readApplication } from '../../../bin/configuration/read-application.ts';
import { sampleCluster, sampleEnvironment } from '../../support/sample-configuration.ts';
import { tooManyVariables } from '../../support/too-many-variables.ts';

test('an application that fits, and is larger than a stack takes, is told so before anybody deploys it', () => {
  const { document, vars } = tooManyVariables();
  const read = readApplication({ path: 'app.json', text: JSON.stringify(document) });
  if (!isRead(read)) throw new Error('The file is right');
  const found = misfits(read, [{ environment: sampleEnvironment({ vars }), cluster: sampleCluster() }]);
  expect(found).toEqual([
    expect.objectContaining({ severity: 'error', path: 'app.json', message: expect.stringContaining('200.') }),
  ]);
});
