import { createHash } from 'node:crypto';
import type {
  Compatibility,
  DatabaseFindings,
  LockClass,
  StatementFinding,
} from '../../../functions/domain/migrations/migrations.ts';
import { worstCompatibility, worstLock } from '../../../functions/domain/migrations/worst-lock.ts';
import type { EvalJoinInput } from '../../../functions/domain/plan/eval-join.ts';
import type { ResourceChange, StackFindings } from '../../../functions/domain/plan/plan.ts';

export const hash = (text: string) => createHash('sha256').update(text).digest('hex');

export const statement = (compatibility: Compatibility, lock: LockClass = 'L1'): StatementFinding => ({
  line: 3,
  text: 'ALTER TABLE orders',
  compatibility,
  lock,
  tables: ['public.orders'],
  reason: `does something ${compatibility} to orders`,
});

/** Findings of a database whose one migration has these statements. */
export const database = (
  statements: readonly StatementFinding[],
  more: Partial<DatabaseFindings> & { readonly marked?: boolean } = {},
): DatabaseFindings => {
  const { marked = false, ...rest } = more;
  const pending =
    statements.length === 0
      ? []
      : [
          {
            id: '20260101',
            path: 'db/migrations/20260101_x.sql',
            checksum: 'c',
            transactional: true,
            after: marked,
            statements,
          },
        ];
  const { lock, reason } = worstLock(pending, { rows: {}, smallTableRows: 0 });
  return {
    database: 'main',
    state: 'clean',
    notes: [],
    pending,
    compatibility: worstCompatibility(pending),
    lock,
    ...(reason === undefined ? {} : { lockReason: reason }),
    ahead: [],
    after: marked && pending.length > 0,
    pendingHash: hash(JSON.stringify(pending)),
    rows: {},
    ...rest,
  };
};

export const change = (logicalId: string, type: string, more: Partial<ResourceChange> = {}): ResourceChange => ({
  logicalId,
  type,
  action: 'Modify',
  replacement: 'False',
  properties: [],
  dynamic: false,
  ...more,
});

export const stack = (more: Partial<StackFindings> = {}): StackFindings => ({
  firstRelease: false,
  changes: [],
  kind: 'version-only',
  versionIndependent: true,
  additive: true,
  replacesServing: [],
  approvals: [],
  refusals: [],
  ...more,
});

export const infrastructure = (more: Partial<StackFindings> = {}) =>
  stack({ kind: 'infrastructure', changes: [change('Queue', 'AWS::SQS::Queue')], additive: false, ...more });

export const joinInput = (more: Partial<EvalJoinInput> = {}): EvalJoinInput => ({
  deploymentId: 'd1',
  release: 'r1',
  parameters: [],
  stack: stack(),
  databaseNames: (more.databases ?? []).map(({ database: name }) => name),
  databases: [],
  previousHealthy: true,
  durations: {},
  ...more,
});
