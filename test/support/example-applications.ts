import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ROOT } from '../../bin/local/synthesise.ts';
import { type ServiceOptions, serviceFiles } from './example-service.ts';
import type { Files } from './slipway.ts';

const FIRST = join(ROOT, 'examples/shop/releases/01-first-release');
const read = (path: string) => readFileSync(join(FIRST, path), 'utf8');

interface Container {
  readonly name: string;
}

interface Application {
  readonly databases: readonly { readonly postgres: { readonly migrateContainer: Container } }[];
  readonly runtimes: readonly { readonly routes: readonly object[] }[];
}

/** The example's first release under another name: a service with a database of its own. */
export const withDatabase = (application: string, migrateContainer: object = {}): Files => {
  const file = parse(read('ext/o5/app.yaml')) as Application;
  const runtimes = file.runtimes.map((runtime) => ({
    ...runtime,
    routes: runtime.routes.map((route) => ({ ...route, prefix: `/${application}` })),
  }));
  const databases = file.databases.map((database) => ({
    ...database,
    postgres: {
      ...database.postgres,
      migrateContainer: { ...database.postgres.migrateContainer, ...migrateContainer },
    },
  }));
  return {
    ...serviceFiles({ application, says: '' }),
    'server.js': read('server.js'),
    'db/migrations/20260101000000_create_products.sql': read('db/migrations/20260101000000_create_products.sql'),
    'ext/o5/app.yaml': stringify({ ...file, name: application, runtimes, databases }),
  };
};

export const service = (application: string, says: string, more: Pick<ServiceOptions, 'more'> = {}): Files =>
  serviceFiles({ application, says, ...more });
