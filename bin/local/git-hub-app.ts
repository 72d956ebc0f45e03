import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The keys that the embedded GitHub and Slipway share; made once per state folder. */
export interface GitHubKeys {
  readonly privateKeyPem: string;
  readonly webhookSecret: string;
}

export const gitHubKeys = (directory: string): GitHubKeys => {
  const file = join(directory, 'github-keys.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as GitHubKeys;
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const keys = { privateKeyPem: privateKey, webhookSecret: randomBytes(32).toString('hex') };
  mkdirSync(directory, { recursive: true });
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  return keys;
};
