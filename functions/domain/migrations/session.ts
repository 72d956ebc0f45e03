import { type Effect, neutral, opaque } from './effect.ts';
import { literalOf } from './expressions.ts';
import { list, type Tree, text } from './tree.ts';

/** Settings that change neither what a statement means nor what it locks. */
const harmless = new Set(
  (
    'statement_timeout idle_in_transaction_session_timeout transaction_timeout client_min_messages client_encoding ' +
    'check_function_bodies xmloption default_tablespace default_table_access_method default_toast_compression ' +
    'row_security work_mem maintenance_work_mem application_name timezone datestyle intervalstyle extra_float_digits ' +
    'max_parallel_maintenance_workers'
  ).split(' '),
);

/** Above this, waiting for a lock is an outage of its own: everyone who comes later waits behind it. */
const longestLockTimeoutMillis = 5000;

/** SET: harmless settings pass; whatever moves names, rights or the lock timeout does not. */
export const set = (body: Tree): Effect => {
  if (text(body, 'kind') !== 'VAR_SET_VALUE') return opaque('resets a setting that Slipway relies on');
  const values = list(body, 'args').map(literalOf);
  return setting(text(body, 'name'), values.every((value) => value !== undefined) ? values : undefined);
};

/** What setting `name` to literal `values` does; undefined values are not literals. */
export const setting = (name: string, values: readonly string[] | undefined): Effect => {
  const known = name.toLowerCase();
  return harmless.has(known) || isSafeValue(known, values)
    ? neutral('L0', [], `sets ${known}`)
    : opaque(`sets ${known}, which changes what later statements mean or how long they wait`, {
        ...(known === 'search_path' ? { advice: 'Write schema names out instead of setting search_path.' } : {}),
      });
};

const isSafeValue = (name: string, values: readonly string[] | undefined): boolean => {
  if (values === undefined) return false;
  if (name === 'search_path')
    return values.every((value) => value === '' || value === 'public' || value === 'pg_catalog');
  if (name === 'standard_conforming_strings') return values.length === 1 && /^(on|true|1)$/i.test(values[0] ?? '');
  if (name !== 'lock_timeout') return false;
  const millis = values.length === 1 ? millisOf(values[0] ?? '') : undefined;
  return millis !== undefined && millis > 0 && millis <= longestLockTimeoutMillis;
};

const millisOf = (value: string): number | undefined => {
  const match = /^\s*(\d+)\s*(ms|s)?\s*$/.exec(value);
  if (match === null) return undefined;
  return Number(match[1]) * (match[2] === 's' ? 1000 : 1);
};

/** BEGIN and COMMIT in a file cut its transaction to pieces; ROLLBACK undoes what was counted as made. */
export const transaction = (body: Tree): Effect => {
  const kind = text(body, 'kind').replace('TRANS_STMT_', '');
  return ['BEGIN', 'START', 'COMMIT', 'SAVEPOINT', 'RELEASE'].includes(kind)
    ? neutral('L0', [], 'marks a transaction')
    : opaque('takes back a transaction or prepares one');
};
