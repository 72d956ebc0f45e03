import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Complaint } from '../complaint.ts';
import { codeOf, messageOf } from '../message-of.ts';

/**
 * The key of a file as it is stored: PKCS#8, whatever GitHub gave, so that nobody has to convert it again.
 * @throws Complaint without a word of what the file holds
 */
export const readPrivateKey = (path: string): string => {
  const key = keyIn(textOf(path), path);
  if (key.asymmetricKeyType !== 'rsa')
    throw new Complaint(`${path} holds a key of the kind ${key.asymmetricKeyType}; GitHub's are RSA. ${UNCHANGED}`);
  return storedForm(key);
};

/** The same for a key that GitHub handed out. */
export const storedForm = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const UNCHANGED = 'Nothing was changed; name the .pem file that GitHub gave you when you made the key.';

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'it does not exist' : messageOf(error);
    throw new Complaint(`${path} cannot be read: ${why}. ${UNCHANGED}`, { cause: error });
  }
};

const keyIn = (text: string, path: string): KeyObject => {
  try {
    return createPrivateKey(text);
  } catch (error) {
    throw new Complaint(`${path} holds no private key that can be read. ${UNCHANGED}`, { cause: error });
  }
};
