import { deploymentDiagram, stackDiagram } from '../../functions/domain/diagram.ts';
import { type FunctionRow, manifest, pascal, type TableAccess } from '../../functions/manifest.ts';
import { type TableShape, tables } from '../../functions/tables.ts';
import type { Retrier } from '../../statemachines/define.ts';
import { deployment } from '../../statemachines/deployment.asl.ts';
import { mermaid } from '../../statemachines/mermaid.ts';
import { request } from '../../statemachines/request.asl.ts';
import * as retries from '../../statemachines/retries.ts';
import { commands } from '../command-list.ts';
import { countedUnits } from '../costs/counted-units.ts';
import { commandReference } from './commands.ts';
import { costTable, priceTable } from './costs.ts';
import { code, fenced, table } from './markdown.ts';
import type { Pieces } from './rewrite.ts';
import { keyTables } from './schema-files.ts';

/** The states that only a failure leads to. */
const ofFailure = (name: string): boolean => ['Outlast', 'Rest', 'WayBack'].includes(name) || /Failed/.test(name);

/** Everything in the documents that is drawn or listed from the code. */
export const pieces: Pieces = {
  'plan-graph': () => fenced('mermaid', mermaid(deployment, { without: ofFailure })),
  'deployment-machine': () => fenced('mermaid', mermaid(deployment)),
  'request-machine': () => fenced('mermaid', mermaid(request)),
  'stack-status': () => fenced('mermaid', stackDiagram()),
  'deployment-status': () => fenced('mermaid', deploymentDiagram()),
  functions: () => functionTable(manifest),
  tables: () => tableTable(tables),
  retries: () => retryTable(retries),
  costs: () => costTable(countedUnits()),
  prices: priceTable,
  commands: () => commandReference(commands),
  ...keyTables,
};

const functionTable = (rows: readonly FunctionRow[]): string =>
  table(
    ['function', 'state', 'seconds', 'writes', 'reads', 'beside tables'],
    rows.map((row) => [
      code(row.name),
      code(pascal(row.name)),
      String(row.timeoutSeconds),
      tablesWith(row, WRITING),
      tablesWith(row, READING),
      besides(row).join(', '),
    ]),
  );

const WRITING: readonly TableAccess[] = ['add', 'put', 'write'];
const READING: readonly TableAccess[] = ['get', 'list', 'read'];

const tablesWith = ({ tables: granted = {} }: FunctionRow, kinds: readonly TableAccess[]): string =>
  Object.entries(granted)
    .filter(([, access]) => kinds.includes(access))
    .map(([key]) => key.replace(/_TABLE$/, '').toLowerCase())
    .sort()
    .join(', ');

const besides = ({ documents, secrets = [], machines = [], clusters, github }: FunctionRow): readonly string[] => [
  ...(documents ? [`documents (${documents})`] : []),
  ...secrets.map(code),
  ...machines.map((grant) => `machines: ${grant}`),
  ...(clusters ? ['clusters'] : []),
  ...(github ? ['GitHub'] : []),
];

const tableTable = (shapes: Readonly<Record<string, TableShape>>): string =>
  table(
    ['table', 'key', 'indexes'],
    Object.entries(shapes).map(([key, shape]) => [
      code(key),
      keyOf(shape),
      shape.indexes.map((index) => `${code(index.name)}: ${keyOf(index)}`).join('; '),
    ]),
  );

const keyOf = ({ partitionKey, sortKey }: Pick<TableShape, 'partitionKey' | 'sortKey'>): string =>
  [partitionKey, ...(sortKey ? [sortKey] : [])].map(code).join(', ');

const retryTable = (policies: Readonly<Record<string, Retrier>>): string =>
  table(
    ['policy', 'errors', 'tries again', 'waits at most'],
    Object.entries(policies).map(([name, { ErrorEquals, IntervalSeconds, BackoffRate, MaxAttempts }]) => {
      const waits = Array.from({ length: MaxAttempts }, (_, n) => IntervalSeconds * BackoffRate ** n);
      const total = waits.reduce((sum, wait) => sum + wait);
      return [
        code(name),
        ErrorEquals.map(code).join(', '),
        `${MaxAttempts} times`,
        `${waits.join(' + ')} = ${total} s`,
      ];
    }),
  );
