import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { ROOT, synthesise } from '../../bin/local/synthesise.ts';
import { applicationSchema } from '../../functions/domain/application/application.ts';
import { buildTemplate } from '../../functions/domain/template/build-template.ts';
import { emptyTemplate } from '../../functions/domain/template/empty-template.ts';
import type { Template } from '../../functions/domain/template/template.ts';
import { o5Templates } from './o5-template.ts';
import { sampleCluster, sampleEnvironment, sha256 } from './sample-configuration.ts';

export interface NamedTemplate {
  readonly name: string;
  readonly template: Template;
}

/** Slipway's own: the control plane and the cluster stack of the example stage. */
export const ownTemplates = (): readonly NamedTemplate[] =>
  globSync('*.template.json', { cwd: synthesise() })
    .sort()
    .map((file) => ({
      name: basename(file, '.template.json'),
      template: JSON.parse(readFileSync(join(synthesise(), file), 'utf8')) as Template,
    }));

/** What the builder makes of every release of the example, of applications that together use all it knows, and of none. */
export const builtTemplates = (): readonly NamedTemplate[] => [
  ...globSync('examples/*/releases/*/ext/o5/app.yaml', { cwd: ROOT })
    .sort()
    .map((path) => ({ name: path.split('/').slice(1, 4).join('/'), template: built(parse(read(path))) })),
  { name: 'everything', template: built(everything) },
  ...o5Templates(),
  { name: 'nothing', template: emptyTemplate },
];

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const built = (document: unknown): Template =>
  buildTemplate({
    application: applicationSchema.parse(document),
    environment: sampleEnvironment(),
    cluster: sampleCluster({ o5Sidecar: { imageVersion: '1.2.3' } }),
    version: 'c0ffee',
    hash: sha256,
  }).template;

const route = { bypassIngress: true };

/** Each form of what needs no sidecar, topic or bucket. */
const everything = {
  name: 'everything',
  secrets: [{ name: 'keys' }, { name: 'mail' }],
  databases: [
    { name: 'main', postgres: { migrateContainer: { image: { name: 'migrate' } }, dbExtensions: ['pgcrypto'] } },
    { name: 'audit', postgres: { serverGroup: 'aurora', dbNameSuffix: 'log' } },
  ],
  runtimes: [
    {
      name: 'web',
      desiredCount: 2,
      namedEnvPolicies: ['mail'],
      containers: [
        {
          name: 'front',
          image: { name: 'shop', tag: 'v1', registry: 'other.example/' },
          command: ['serve', '--all'],
          demand: 'HEAVY',
          envVars: [
            { name: 'PLAIN', value: 'text' },
            { name: 'UPSTREAM', fromEnv: { name: 'upstream-jwks' } },
            { name: 'DATABASE_URL', database: { databaseName: 'main' } },
            { name: 'AUDIT_URL', database: { databaseName: 'audit' } },
            { name: 'KEY', secret: { secretName: 'keys', jsonKey: 'private' } },
            { name: 'MAIL', secret: { secretName: 'mail' } },
          ],
        },
        { name: 'side', imageUrl: 'other.example/side@sha256:1', demand: 'MEDIUM' },
      ],
      routes: [
        { ...route, prefix: '/shop', protocol: 'HTTP', subdomains: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
        { ...route, prefix: '/rpc.Shop/*', protocol: 'GRPC', port: 9090, targetContainer: 'side', routeGroup: 'FIRST' },
        { ...route, prefix: '', protocol: 'HTTP', port: 8081, routeGroup: 'FALLBACK' },
      ],
    },
    { name: 'worker', desiredCount: 0, containers: [{ name: 'work', image: { name: 'shop' } }] },
  ],
};
