import type { BatchContext } from './created.ts';
import { isBuiltInType, nameKey } from './names.ts';
import { bodyOf, child, has, isTree, kindOf, list, type Tree, text, walk, words } from './tree.ts';

/** `constant`: one value for the whole statement. `volatile`: another value for each row. `unknown`: foreign code. */
export type Volatility = 'constant' | 'volatile' | 'unknown';

const setOf = (names: string): ReadonlySet<string> => new Set(names.split(/\s+/));

/** PostgreSQL's own functions whose value cannot change within a statement (pg_proc: immutable or stable). */
const steady = setOf(
  `now transaction_timestamp statement_timestamp current_database current_schema current_setting version timezone
  date_trunc date_part extract make_date make_interval make_timestamptz to_timestamp to_date to_char to_number lower upper
  initcap btrim ltrim rtrim trim length char_length left right lpad rpad repeat replace reverse substring substr position
  split_part strpos concat concat_ws format md5 sha256 encode decode abs ceil ceiling floor round trunc mod power sqrt sign
  greatest least jsonb_build_object jsonb_build_array json_build_object json_build_array to_json to_jsonb row_to_json
  jsonb_typeof jsonb_array_length array_length cardinality array_to_string string_to_array array_append array_cat
  regexp_replace regexp_match age int4range int8range numrange tsrange tstzrange daterange`,
);

/** Known to be volatile, and to do nothing but answer (pg_proc and the contrib modules pgcrypto and uuid-ossp). */
const perRow = setOf(
  `random gen_random_uuid uuidv4 uuidv7 gen_random_bytes gen_salt crypt clock_timestamp timeofday nextval
  uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 txid_current pg_current_xact_id`,
);

/** Harmless in a query beside those above: aggregates, window functions, functions that return rows. */
const queryOnly = setOf(
  `count sum min max avg bool_and bool_or every array_agg string_agg json_agg jsonb_agg json_object_agg jsonb_object_agg
  row_number rank dense_rank lag lead first_value last_value ntile generate_series unnest jsonb_array_elements
  jsonb_array_elements_text jsonb_each jsonb_each_text jsonb_object_keys regexp_split_to_table currval lastval
  pg_get_serial_sequence to_regclass to_regtype`,
);

/** Can never fail, whatever the row: an index over it cannot refuse a row that was welcome before. */
const total = setOf('lower upper btrim ltrim rtrim length md5 coalesce');

/** The name of a function as called; undefined when it is qualified with any schema but `pg_catalog`. */
const calledName = (call: Tree): string | undefined => {
  const dotted = words(list(call, 'funcname'));
  if (dotted.length === 1) return dotted[0];
  return dotted.length === 2 && dotted[0] === 'pg_catalog' ? dotted[1] : undefined;
};

/** Whether the value of a DEFAULT is found once for all rows; PostgreSQL rewrites the table when it is not. */
export const volatilityOf = (node: unknown, context: BatchContext): Volatility => {
  const body = bodyOf(node);
  switch (kindOf(node)) {
    case 'A_Const':
    case 'SQLValueFunction':
      return 'constant';
    case 'TypeCast':
      return isPlainType(child(body, 'typeName'), context) ? volatilityOf(body['arg'], context) : 'unknown';
    case 'FuncCall':
      return worst([callVolatility(body), ...list(body, 'args').map((each) => volatilityOf(each, context))]);
    case 'A_Expr':
      return operatorVolatility(body, context);
    case 'A_ArrayExpr':
      return worst(list(body, 'elements').map((each) => volatilityOf(each, context)));
    case 'CoalesceExpr':
      return worst(list(body, 'args').map((each) => volatilityOf(each, context)));
    default:
      return 'unknown';
  }
};

const callVolatility = (call: Tree): Volatility => {
  const name = calledName(call) ?? '';
  if (steady.has(name)) return 'constant';
  return perRow.has(name) ? 'volatile' : 'unknown';
};

/** A qualified operator, `OPERATOR(app.+)`, is foreign code. */
const operatorVolatility = (body: Tree, context: BatchContext): Volatility =>
  list(body, 'name').length === 1
    ? worst([body['lexpr'], body['rexpr']].filter(isTree).map((each) => volatilityOf(each, context)))
    : 'unknown';

const worst = (all: readonly Volatility[]): Volatility =>
  all.includes('unknown') ? 'unknown' : all.includes('volatile') ? 'volatile' : 'constant';

/** Known not to be a domain. */
export const isPlainType = (typeName: Tree, context: BatchContext): boolean =>
  isBuiltInType(typeName) || context.plainTypes.has(nameKey(words(list(typeName, 'names'))));

/** Names of functions in a query, or of operators with a schema, whose doing is not known. */
export const foreignCallsIn = (value: unknown): readonly string[] => {
  const found = new Set<string>();
  walk(value, (key, body) => {
    if (key === 'A_Expr' && list(body, 'name').length > 1) found.add(words(list(body, 'name')).join('.'));
    if (key !== 'FuncCall') return;
    const name = calledName(body);
    if (name === undefined || !(steady.has(name) || perRow.has(name) || queryOnly.has(name))) {
      found.add(words(list(body, 'funcname')).join('.'));
    }
  });
  return [...found].sort();
};

/** True when an indexed expression can neither fail for a row nor run foreign code. */
export const isTotal = (node: unknown): boolean => {
  const body = bodyOf(node);
  if (kindOf(node) === 'ColumnRef' || kindOf(node) === 'A_Const') return true;
  if (kindOf(node) === 'FuncCall') return total.has(calledName(body) ?? '') && list(body, 'args').every(isTotal);
  return kindOf(node) === 'CoalesceExpr' && list(body, 'args').every(isTotal);
};

/** A literal of a list of arguments as text, such as `3s` or `3000`; undefined when it is no literal. */
export const literalOf = (node: unknown): string | undefined => {
  const body = bodyOf(node);
  if (kindOf(node) !== 'A_Const') return undefined;
  if (has(body, 'ival')) return String(child(body, 'ival')['ival'] ?? 0);
  if (has(body, 'sval')) return text(child(body, 'sval'), 'sval');
  return has(body, 'boolval') ? String(child(body, 'boolval')['boolval'] === true) : undefined;
};
