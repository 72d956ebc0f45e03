import { generateKeyPairSync } from 'node:crypto';

/** A key of an App in GitHub's own format: PKCS#1, which says BEGIN RSA PRIVATE KEY. */
export const generatedKey = (): { readonly privateKeyPem: string; readonly publicKeyPem: string } => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { privateKeyPem: privateKey, publicKeyPem: publicKey };
};
