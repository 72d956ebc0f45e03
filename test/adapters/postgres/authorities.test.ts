import { X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { authoritiesFor } from '../../../functions/adapters/postgres/authorities.ts';

const certificates = (authoritiesFor('main.abc.eu-central-1.rds.amazonaws.com').ca ?? []).map(
  (pem) => new X509Certificate(pem),
);

test.each(['eu-central-1', 'us-east-1', 'ap-southeast-2'])(
  'servers of RDS in %s are vouched for by RDS of that region',
  (region) => {
    const ofRegion = certificates.filter(({ subject }) => subject.includes(`Amazon RDS ${region} Root CA RSA2048 G1`));
    expect(ofRegion).toHaveLength(1);
    for (const { ca, validTo } of ofRegion) {
      expect(ca).toBe(true);
      expect(Date.parse(validTo)).toBeGreaterThan(Date.parse('2050-01-01'));
    }
  },
);

test('nobody but Amazon vouches for a server of RDS, or for a proxy in front of one', () => {
  expect(certificates.length).toBeGreaterThan(60);
  expect(
    certificates.filter(({ subject }) => !/^O=Amazon|O=Amazon Web Services|Amazon RDS|Starfield/m.test(subject)),
  ).toEqual([]);
});

test('a server elsewhere is vouched for by whom Node trusts, however much its name resembles one of RDS', () => {
  for (const host of ['db.example', '127.0.0.1', 'rds.amazonaws.com.example', 'mainrds.amazonaws.com'])
    expect(authoritiesFor(host)).toEqual({});
});
