import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Client } from 'pg';
import { credentials, proxiedName, socketName } from '../../../functions/domain/template/proxied-name.ts';
import { socketDsn, socketUrl } from '../../../functions/domain/template/socket-address.ts';
import { partNames } from '../../support/random-names.ts';

test.each([
  ['main', 'MAIN', 'main'],
  ['auditLog', 'AUDIT_LOG', 'audit_log'],
  ['audit-log', 'AUDIT_LOG', 'audit_log'],
  ['Audit__Log-', 'AUDIT_LOG_', 'audit_log_'],
  ['main2', 'MAIN_2', 'main_2'],
  ['2nd-a1B', '2_ND_A_1_B', '2_nd_a_1_b'],
])('the sidecar is told of %s as %s, and a client calls it %s', (name, told, called) => {
  expect([proxiedName(name), socketName(name)]).toEqual([told, called]);
});

test('O24: where the database is reached is said with that name, in both forms', () => {
  expect(socketDsn('auditLog')).toBe('host=/sockets/postgres user=audit_log dbname=audit_log sslmode=disable');
  expect(socketUrl('auditLog')).toBe('postgres://audit_log@/audit_log?host=/sockets/postgres&sslmode=disable');
});

/** As strcase begins words, by which the sidecar forms its variables: also between letters and digits. */
const spelledBySidecar = (name: string) => name.replaceAll(/([A-Z])(?=[0-9])|([0-9])(?=[A-Z])/g, '$&_').toUpperCase();

test('whatever a database is called, the sidecar finds its variable and a client its connection', () => {
  fc.assert(
    fc.property(partNames, (name) => {
      const told = proxiedName(name);
      expect(told).toMatch(/^[A-Z0-9_]+$/);
      expect(credentials(name)).toBe(`DB_CREDS_${spelledBySidecar(told)}`);
      expect(socketName(name)).toBe(spelledBySidecar(told).toLowerCase());
      expect(new Client(socketUrl(name))).toMatchObject({
        user: socketName(name),
        database: socketName(name),
        host: '/sockets/postgres',
      });
    }),
    { numRuns: 300 },
  );
});
