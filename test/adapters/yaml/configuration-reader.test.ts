import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { readConfiguration } from '../../../functions/adapters/yaml/configuration-reader.ts';
import { applicationSchema } from '../../../functions/domain/application/application.ts';
import { describeError } from '../../../functions/domain/configuration/configuration-error.ts';
import { findingAt } from '../../../functions/domain/configuration/finding.ts';
import { fixture, testWithFixtures } from '../../support/o5-fixtures.ts';

const read = (text: string, path = 'app.yaml') => readConfiguration(applicationSchema, { path, text });

const errorsOf = (text: string, path?: string) => {
  const result = read(text, path);
  return result.kind === 'invalid' ? result.errors : [];
};

const good = `name: shop
runtimes:
  - name: main
    containers:
      - name: web
        image: { name: shop }
`;

testWithFixtures('reads every real application file, and warns of the deprecated key in one', () => {
  const names = ['dante', 'j5', 'jwtauth', 'o5-deploy-aws', 'o5-ui', 'registry', 'trigger'];
  const warnings = names.flatMap((name) => {
    const result = readConfiguration(applicationSchema, { path: `${name}.yaml`, text: fixture(name) });
    expect(result).toMatchObject({ kind: 'read' });
    return result.kind === 'read' ? result.warnings : [];
  });
  expect(warnings).toEqual([
    expect.objectContaining({ path: 'trigger.yaml', keyPath: 'databases[0].postgres.dbName' }),
  ]);
});

testWithFixtures('O1: every real application written as JSON is the same application', () => {
  for (const name of ['dante', 'j5', 'jwtauth', 'o5-deploy-aws', 'o5-ui', 'registry', 'trigger']) {
    const text = fixture(name);
    const yaml = readConfiguration(applicationSchema, { path: 'app.yaml', text });
    const json = readConfiguration(applicationSchema, { path: 'app.json', text: JSON.stringify(parse(text)) });
    expect(json).toMatchObject({ kind: 'read', ...(yaml.kind === 'read' && { value: yaml.value }) });
  }
});

testWithFixtures('refuses an invented key in a real file with its full path, its line and the nearest key', () => {
  const text = fixture('jwtauth').replace('        bypassIngress: true', '        bypassIngres: true');
  expect(errorsOf(text, 'ext/o5/app.yaml').map(describeError)).toEqual([
    expect.stringMatching(
      /^ext\/o5\/app\.yaml:12:9 runtimes\[0\]\.routes\[0\]\.bypassIngres: unknown key bypassIngres: .* \(did you mean "bypassIngress"\?\)$/,
    ),
  ]);
});

test('finds everything that is wrong with a file at once, in the order of its lines', () => {
  const text = `name: A-b
sidecarConfig: {}
runtimes:
  - name: main
    routes:
      - prefix: shop
        protocol: HTPP
        foo: 1
        port: 99999
        routeGroup: ROUTE_GROUP_FALBACK
    containers:
      - name: web
        image: { name: shop }
        envVars:
          - { name: PORT, value: 8080 }
          - { name: KEY }
`;
  expect(errorsOf(text).map(({ line, column, keyPath, nearest }) => [line, column, keyPath, nearest])).toEqual([
    [1, 7, 'name', undefined],
    [2, 1, 'sidecarConfig', undefined],
    [6, 17, 'runtimes[0].routes[0].prefix', undefined],
    [7, 19, 'runtimes[0].routes[0].protocol', 'HTTP'],
    [8, 9, 'runtimes[0].routes[0].foo', undefined],
    [9, 15, 'runtimes[0].routes[0].port', undefined],
    [10, 21, 'runtimes[0].routes[0].routeGroup', 'FALLBACK'],
    [15, 34, 'runtimes[0].containers[0].envVars[0].value', undefined],
    [16, 13, 'runtimes[0].containers[0].envVars[1]', undefined],
  ]);
});

test('spells the path of an error as the file does', () => {
  const text = `${good}    routes: [{ prefix: /, protocol: HTTP, bypass_ingress: 1 }]\n`;
  expect(errorsOf(text)).toEqual([
    expect.objectContaining({ line: 7, keyPath: 'runtimes[0].routes[0].bypass_ingress' }),
  ]);
});

test('places the findings of later checks by the keys of the schema', () => {
  const result = read(`${good}    routes:\n      - prefix: /\n        protocol: HTTP\n        bypass_ingress: true\n`);
  if (result.kind === 'invalid') throw new Error('The file is right');
  const at = (keys: (string | number)[]) => result.locate(findingAt(keys, 'x'));
  expect(at(['runtimes', 0, 'routes', 0, 'bypassIngress'])).toMatchObject({ line: 10, column: 25 });
  expect(at(['runtimes', 0, 'routes', 0, 'port'])).toMatchObject({ line: 8, column: 9 });
  expect(at([])).toMatchObject({ line: 1, column: 1 });
});

describe('a text that cannot be read', () => {
  test.each([
    ['', 1, 1, 'is empty'],
    ['# nothing\n', 1, 1, 'is empty'],
    ['name: a\nname: b', 2, 1, 'the same key stands twice in one mapping'],
    ['name: a\n---\nname: b', 2, 1, 'a second document starts here: a file holds one'],
    ['runtimes:\n\tname: a', 2, 1, 'a tab is used for indentation: use spaces'],
    ['a:\n\t- b: c\n\t  d: e\n\t  f: g', 2, 1, 'a tab is used for indentation, here and on 2 more lines: use spaces'],
    ['name: *other', 1, 7, 'no anchor &other stands before this alias'],
    ['name: &a [*a]', 1, 11, 'an anchor may not hold aliases itself'],
    ['? { a: 1 }\n: 2', 1, 3, 'a key has to be plain text'],
    ['name: !!js/function a', 1, 7, 'tags (!...) are not known here'],
    ['name: "a', 1, 9, expect.stringContaining('Missing closing')],
    ['[]', 1, 1, 'expected a mapping of keys, found a list'],
    ['null', 1, 1, 'expected a mapping of keys, found nothing'],
    ['['.repeat(50_000), 1, 1, 'is nested too deeply to be read'],
    [' '.repeat(600_000), 1, 1, 'is larger than 512 KiB'],
  ])('says what is wrong with %#', (text, line, column, message) => {
    expect(errorsOf(text)).toEqual([expect.objectContaining({ line, column, message })]);
  });

  test('an anchor bomb is refused before it is written out', () => {
    const item = `&i ["${'x'.repeat(1000)}"]`;
    const text = `name: ${item}\nruntimes: [${Array.from({ length: 101 }, () => '*i').join(', ')}]`;
    expect(errorsOf(text).map(({ message }) => message)).toEqual(['more than 100 aliases']);
  });

  test('a file has to be .yaml, .yml or .json', () => {
    expect(errorsOf(good, 'app.toml')).toEqual([
      expect.objectContaining({ message: 'is neither .yaml, .yml nor .json', path: 'app.toml' }),
    ]);
  });

  test('JSON may not borrow from YAML', () => {
    expect(errorsOf('{\n  "name": "shop", // comment\n}', 'app.json')).toHaveLength(1);
    expect(errorsOf('{\n  "name": "shop",\n}', 'app.json')[0]?.message).toMatch(/^cannot be read as JSON/);
  });

  test('JSON may be indented by tabs', () => {
    const text = JSON.stringify(
      { name: 'shop', runtimes: [{ name: 'main', containers: [{ name: 'web', imageUrl: 'shop:1' }] }] },
      null,
      '\t',
    );
    expect(read(text, 'app.json')).toMatchObject({ kind: 'read' });
  });
});

test('an alias stands for what its anchor names, errors included', () => {
  const text = `name: shop
runtimes:
  - name: main
    containers: &containers
      - { name: web, image: { name: shop }, demand: HUGE }
  - name: worker
    containers: *containers
`;
  expect(errorsOf(text).map(({ line, keyPath }) => [line, keyPath])).toEqual([
    [5, 'runtimes[0].containers[0].demand'],
    [5, 'runtimes[1].containers[0].demand'],
  ]);
});

test('a key without a value counts as absent', () => {
  expect(read(`${good}    routes:\n      # none yet\nsecrets:\n`)).toMatchObject({
    kind: 'read',
    value: { secrets: [] },
  });
});

test('whatever stands in a file, the answer is a value or located errors', () => {
  const keys = fc.constantFrom(
    'name',
    'runtimes',
    'databases',
    'postgres',
    'containers',
    'dbName',
    '__proto__',
    'constructor',
    'x y',
  );
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      tie('list'),
      tie('map'),
    ),
    list: fc.array(tie('node'), { maxLength: 4 }),
    map: fc.dictionary(keys, tie('node'), { maxKeys: 4 }),
  })).map;
  fc.assert(
    fc.property(tree, (document) => {
      const errors = errorsOf(stringify(document));
      expect(errors.length).toBeGreaterThan(0);
      for (const { line, column, message } of errors) {
        expect(line).toBeGreaterThan(0);
        expect(column).toBeGreaterThan(0);
        expect(message).not.toBe('');
      }
    }),
    { numRuns: 200 },
  );
});
