import { expect, test } from '@jest/globals';
import { findUnsupported } from '../../../functions/domain/template/unsupported.ts';
import { sampleApplication } from '../../support/sample-configuration.ts';

test('an SFTP server is refused with what to do instead', () => {
  const users = [{ username: 'partner', publicSshKey: 'ssh-ed25519 AAAA' }];
  const application = sampleApplication({ blobstores: [{ name: 'a' }, { name: 'files', sftpSettings: { users } }] });
  expect(findUnsupported(application)).toEqual([
    expect.objectContaining({
      keys: ['blobstores', 1, 'sftpSettings'],
      message: expect.stringContaining('AWS Transfer Family'),
    }),
  ]);
});
