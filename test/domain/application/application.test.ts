import { describe, expect, test } from '@jest/globals';
import { applicationSchema } from '../../../functions/domain/application/application.ts';
import { keyPath } from '../../../functions/domain/configuration/finding.ts';
import { parseConfiguration } from '../../../functions/domain/configuration/parse-configuration.ts';
import { completeApplication as complete, snakeCase } from '../../support/complete-application.ts';
import { sampleRuntime } from '../../support/sample-configuration.ts';

const container = { name: 'web', image: { name: 'shop' } };
const app = (more: object = {}) => ({ name: 'shop', runtimes: [sampleRuntime()], ...more });
const withRuntime = (more: object) => app({ runtimes: [sampleRuntime(more)] });
const withContainer = (more: object) => withRuntime({ containers: [{ ...container, ...more }] });
const withRoute = (more: object) => withRuntime({ routes: [{ prefix: '/', protocol: 'HTTP', ...more }] });
const withVariable = (variable: object) => withContainer({ envVars: [{ name: 'KEY', ...variable }] });
const withPostgres = (postgres: object) => app({ databases: [{ name: 'main', postgres }] });

const findingsOf = (document: unknown) => {
  const parsed = parseConfiguration(applicationSchema, document);
  return parsed.kind === 'invalid' ? parsed.findings : [];
};

test('takes every key of the original schema and ours, in both spellings, to the same application', () => {
  const camel = parseConfiguration(applicationSchema, complete);
  const snake = parseConfiguration(applicationSchema, snakeCase(complete));
  expect(camel).toMatchObject({ kind: 'read', warnings: [] });
  expect(snake).toEqual(camel);
});

test('fills in the documented defaults', () => {
  expect(applicationSchema.parse(withRoute({ bypassIngress: true }))).toMatchObject({
    runtimes: [
      {
        desiredCount: 1,
        containers: [{ demand: 'LIGHT', envVars: [] }],
        routes: [{ prefix: '/', port: 8080, routeGroup: 'NORMAL', subdomains: [] }],
      },
    ],
    deploymentConfig: { quickMode: false },
  });
  expect(applicationSchema.parse(withPostgres({ migrateContainer: { imageUrl: 'shop:1' } }))).toMatchObject({
    databases: [{ postgres: { serverGroup: 'default', migrateContainer: { name: 'migrate' } } }],
  });
});

describe('older spellings', () => {
  test('dbName still names the last part of a database, with a warning', () => {
    expect(parseConfiguration(applicationSchema, withPostgres({ db_name: 'store' }))).toMatchObject({
      kind: 'read',
      value: { databases: [{ postgres: { dbNameSuffix: 'store' } }] },
      warnings: [{ message: 'db_name is deprecated: use dbNameSuffix' }],
    });
  });

  test('dbNameSuffix wins over dbName, in whichever order they stand', () => {
    for (const postgres of [
      { dbName: 'old', dbNameSuffix: 'new' },
      { dbNameSuffix: 'new', dbName: 'old' },
    ])
      expect(parseConfiguration(applicationSchema, withPostgres(postgres))).toMatchObject({
        kind: 'read',
        value: { databases: [{ postgres: { dbNameSuffix: 'new' } }] },
        warnings: [{ message: 'dbName is deprecated, and ignored beside dbNameSuffix' }],
      });
  });
});

test.each<[string, unknown, string, RegExp, string?]>([
  ['no mapping', 'shop', '(top)', /expected a mapping of keys, found "shop"/],
  ['no name', { runtimes: [sampleRuntime()] }, 'name', /name is required: expected text/],
  ['a name with a dash', app({ name: 'my-shop' }), 'name', /no dash/],
  ['no runtimes', { name: 'shop' }, 'runtimes', /runtimes is required: expected a list/],
  ['an empty list of runtimes', app({ runtimes: [] }), 'runtimes', /at least one runtime/],
  ['a removed key', app({ aws_config: {} }), 'aws_config', /was removed: .*namedEnvPolicies/],
  ['the removed sidecarConfig', app({ sidecarConfig: {} }), 'sidecarConfig', /was removed: .*workerConfig/],
  [
    'a removed key of a runtime',
    withRuntime({ grantMetaDeployPermissions: true }),
    'runtimes[0].grantMetaDeployPermissions',
    /was removed: .*namedEnvPolicies/,
  ],
  ['an unknown key', app({ foo: 1 }), 'foo', /unknown key foo: expected one of name, targets/],
  ['a key with a typo', app({ databses: [] }), 'databses', /unknown key/, 'databases'],
  ['a key of an object prototype', app(JSON.parse('{"__proto__": {}}')), '__proto__', /unknown key/],
  [
    'one key in two spellings',
    withRoute({ bypassIngress: true, bypass_ingress: true }),
    'runtimes[0].routes[0].bypass_ingress',
    /given twice/,
  ],
  [
    'a number for text',
    withVariable({ value: 8080 }),
    'runtimes[0].containers[0].envVars[0].value',
    /found 8080: put it in quotes/,
  ],
  ['text for a number', withRoute({ port: '80' }), 'runtimes[0].routes[0].port', /expected a number, found "80"/],
  ['half a port', withRoute({ port: 80.5 }), 'runtimes[0].routes[0].port', /expected a whole number/],
  ['port 0', withRoute({ port: 0 }), 'runtimes[0].routes[0].port', /at least 1, found 0/],
  [
    'text for a truth value',
    withRoute({ bypassIngress: 'yes' }),
    'runtimes[0].routes[0].bypassIngress',
    /expected true or false/,
  ],
  [
    'no protocol',
    withRuntime({ routes: [{ prefix: '/' }] }),
    'runtimes[0].routes[0].protocol',
    /is required: expected one of HTTP, GRPC/,
  ],
  [
    'an unknown enum value',
    withRoute({ protocol: 'HTTPS' }),
    'runtimes[0].routes[0].protocol',
    /expected one of HTTP, GRPC/,
    'HTTP',
  ],
  [
    'the prefix of another enum',
    withContainer({ demand: 'ROUTE_GROUP_LIGHT' }),
    'runtimes[0].containers[0].demand',
    /expected one of LIGHT/,
  ],
  ['a prefix that is no path', withRoute({ prefix: 'shop' }), 'runtimes[0].routes[0].prefix', /starts with \//],
  [
    'a chance of 101',
    withRuntime({ workerConfig: { replayChance: 101 } }),
    'runtimes[0].workerConfig.replayChance',
    /at most 100, found 101/,
  ],
  [
    'no image',
    withRuntime({ containers: [{ name: 'web' }] }),
    'runtimes[0].containers[0]',
    /exactly one of imageUrl, image is expected, found none/,
  ],
  ['two images', withContainer({ imageUrl: 'a:1' }), 'runtimes[0].containers[0]', /found imageUrl and image/],
  ['a variable without a source', withVariable({}), 'runtimes[0].containers[0].envVars[0]', /found none of them/],
  [
    'a variable with two sources',
    withVariable({ value: 'a', fromEnv: { name: 'b' } }),
    'runtimes[0].containers[0].envVars[0]',
    /found value and fromEnv/,
  ],
  [
    'an unknown database',
    withVariable({ database: { databaseName: 'main' } }),
    'runtimes[0].containers[0].envVars[0].database.databaseName',
    /there is no database "main", nor any other/,
  ],
  [
    'a misspelt secret',
    { ...withVariable({ secret: { secretName: 'kyes' } }), secrets: [{ name: 'keys' }] },
    'runtimes[0].containers[0].envVars[0].secret.secretName',
    /there is no secret "kyes": known are keys/,
    'keys',
  ],
  [
    'a jsonKey with a colon',
    withVariable({ secret: { secretName: 'keys', jsonKey: 'a:b' } }),
    'runtimes[0].containers[0].envVars[0].secret.jsonKey',
    /without blanks, colons/,
  ],
  [
    'an unknown container',
    withRoute({ targetContainer: 'wbe' }),
    'runtimes[0].routes[0].targetContainer',
    /there is no container "wbe"/,
    'web',
  ],
  [
    'two runtimes of one name',
    app({ runtimes: [sampleRuntime(), sampleRuntime()] }),
    'runtimes[1].name',
    /"main" is declared twice \(see \[0\]\)/,
  ],
  [
    'two variables of one name',
    withContainer({
      envVars: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
    }),
    'runtimes[0].containers[0].envVars[1].name',
    /declared twice/,
  ],
  ['a database without postgres', app({ databases: [{ name: 'main' }] }), 'databases[0].postgres', /is required/],
  [
    'an extension with a quote',
    withPostgres({ dbExtensions: ['a"b'] }),
    'databases[0].postgres.dbExtensions[0]',
    /name of a PostgreSQL extension/,
  ],
  [
    'migrations outside the repository',
    withPostgres({ migrations: { path: '../db' } }),
    'databases[0].postgres.migrations.path',
    /inside the repository/,
  ],
  [
    's3Direct: false',
    withVariable({ blobstore: { name: 'files', s3Direct: false } }),
    'runtimes[0].containers[0].envVars[0].blobstore.s3Direct',
    /expected true/,
  ],
  [
    'a reference to two buckets',
    app({ blobstores: [{ name: 'a', ref: { application: 'b', bucketName: 'c' } }] }),
    'blobstores[0].ref',
    /exactly one of application, bucketName/,
  ],
  [
    'a mode without a reason',
    app({ deploymentConfig: { mode: { use: 'NOP' } } }),
    'deploymentConfig.mode.reason',
    /is required/,
  ],
  [
    'an unknown mode',
    app({ deploymentConfig: { mode: { use: 'DOWNTIM', reason: 'x' } } }),
    'deploymentConfig.mode.use',
    /expected one of DOWNTIME/,
    'DOWNTIME',
  ],
])('refuses %s by its key path', (...[, document, path, message, close]) => {
  expect(findingsOf(document).map((finding) => ({ path: keyPath(finding.keys), ...finding }))).toContainEqual(
    expect.objectContaining({ path, message: expect.stringMatching(message), ...(close && { nearest: close }) }),
  );
});
