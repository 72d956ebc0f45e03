import { expect, test } from '@jest/globals';
import { databaseStatements } from '../../../functions/domain/template/database-access.ts';
import { taskDefinition } from '../../../functions/domain/template/task-definition.ts';
import { sampleRuntime } from '../../support/sample-configuration.ts';
import { only, sampleBuild } from '../../support/sample-place.ts';

const uses = (...names: string[]) =>
  names.map((databaseName) => ({ name: databaseName.toUpperCase(), database: { databaseName } }));
const databases = [
  { name: 'main', postgres: { serverGroup: 'aurora' } },
  { name: 'other', postgres: { serverGroup: 'aurora' } },
  { name: 'auditLog', postgres: { serverGroup: 'aurora' } },
  { name: 'plain', postgres: {} },
];
const build = (...containers: object[]) =>
  sampleBuild({ application: { databases, runtimes: [sampleRuntime({ containers })] } });
const containersOf = (...containers: object[]) => {
  const place = build(...containers);
  const [resource] = Object.values(taskDefinition(only(place.application.runtimes), place));
  return resource?.Properties as { ContainerDefinitions: Record<string, unknown>[]; Volumes?: unknown };
};

test('O24: a runtime may log in as the users of the databases it names, and as nobody else', () => {
  const place = build({ name: 'web', imageUrl: 'a:1', envVars: uses('main', 'plain') });
  expect(databaseStatements(only(place.application.runtimes), place)).toEqual([
    {
      policy: 'rds-connect',
      actions: ['rds-db:connect'],
      resources: ['arn:aws:rds-db:eu-central-1:000000000000:dbuser:aurora/prod_shop_main'],
    },
  ]);
});

test('a runtime without such a database has no statement about any', () => {
  const place = build({ name: 'web', imageUrl: 'a:1', envVars: uses('plain') });
  expect(databaseStatements(only(place.application.runtimes), place)).toEqual([]);
});

test("O24: the variable leads to the sidecar's socket, which the containers that use it share with it", () => {
  const { ContainerDefinitions, Volumes } = containersOf(
    { name: 'web', imageUrl: 'a:1', envVars: uses('main', 'plain', 'auditLog') },
    { name: 'idle', imageUrl: 'a:1', envVars: uses('plain') },
  );
  const [web, idle, sidecar] = ContainerDefinitions;
  expect(web?.['Environment']).toContainEqual({
    Name: 'MAIN',
    Value: 'host=/sockets/postgres user=main dbname=main sslmode=disable',
  });
  // The sidecar knows it by this name alone, whatever the application calls it.
  expect(web?.['Environment']).toContainEqual({
    Name: 'AUDITLOG',
    Value: 'host=/sockets/postgres user=audit_log dbname=audit_log sslmode=disable',
  });
  expect(web?.['Secrets']).toEqual([{ Name: 'PLAIN', ValueFrom: { 'Fn::Sub': '${DatabaseSecretPlain}:dburl::' } }]);
  const mounted = [{ SourceVolume: 'sockets', ContainerPath: '/sockets' }];
  expect(web?.['MountPoints']).toEqual(mounted);
  expect(sidecar).toMatchObject({ Name: 'o5_runtime', MountPoints: mounted });
  expect(idle).not.toHaveProperty('MountPoints');
  expect(Volumes).toEqual([{ Name: 'sockets' }]);
});
