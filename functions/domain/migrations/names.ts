import { bodyOf, flag, kindOf, list, type Tree, text, walk, words } from './tree.ts';

/**
 * Names as keys. An unqualified name means schema `public`: the migrator's login has no schema of its own, and a
 * statement that moves the search path is OPAQUE. Temporary tables live under `pg_temp`.
 */
export const relationKey = (relation: Tree): string =>
  text(relation, 'relpersistence') === 't'
    ? `pg_temp.${text(relation, 'relname')}`
    : nameKey([text(relation, 'schemaname'), text(relation, 'relname')].filter((word) => word !== ''));

/** Key of a dotted name: the last two words, or `public` and the only one. */
export const nameKey = (dotted: readonly string[]): string => {
  const [name = '', schema = 'public'] = dotted.toReversed();
  return `${schema}.${name}`;
};

/** How a key is shown to people: `public` goes without saying. */
export const shown = (key: string): string => (key === '*' ? 'tables it does not name' : key.replace(/^public\./, ''));

/** The key of an object named by a node of a DROP, COMMENT or ALTER statement. */
export const objectKey = (node: unknown): string => {
  const body = bodyOf(node);
  if (kindOf(node) === 'ObjectWithArgs') return nameKey(words(list(body, 'objname')));
  if (kindOf(node) === 'TypeName') return nameKey(words(list(body, 'names')));
  return nameKey(words([node]));
};

/** Every relation that a statement names. A WITH query of the same name counts too: it may hide what it reads. */
export const relationsIn = (value: unknown, keyOf: (relation: Tree) => string = relationKey): readonly string[] => {
  const found = new Set<string>();
  walk(value, (_, body) => {
    if (text(body, 'relname') !== '') found.add(keyOf(body));
  });
  return [...found].sort();
};

/** Every type that a statement names and that is not PostgreSQL's own, as keys. */
export const customTypesIn = (value: unknown): readonly string[] => {
  const found = new Set<string>();
  walk(value, (key, body) => {
    if ((key === 'TypeName' || key === 'typeName') && !isBuiltInType(body)) {
      found.add(nameKey(words(list(body, 'names'))));
    }
  });
  return [...found].sort();
};

/** PostgreSQL's own types by the names people use, and base types of well-known extensions; none is a domain. */
const builtIn = new Set(
  (
    'text uuid json jsonb bytea timestamptz timestamp timetz time date interval inet cidr macaddr macaddr8 money ' +
    'tsvector tsquery xml point line lseg box path polygon circle oid name int2 int4 int8 float4 float8 numeric bool ' +
    'varchar bpchar bit varbit regclass regtype regproc int4range int8range numrange tsrange tstzrange daterange ' +
    'int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange pg_lsn jsonpath xid xid8 ' +
    'citext hstore ltree geometry geography vector'
  ).split(' '),
);

const serial = new Set('serial serial2 serial4 serial8 smallserial bigserial'.split(' '));

export const isSerialType = (typeName: Tree): boolean => {
  const dotted = words(list(typeName, 'names'));
  return dotted.length === 1 && serial.has(dotted[0] ?? '');
};

export const isBuiltInType = (typeName: Tree): boolean => {
  const dotted = words(list(typeName, 'names'));
  const [first = '', second] = dotted;
  if (flag(typeName, 'setof') || flag(typeName, 'pct_type')) return false;
  if (second !== undefined) return dotted.length === 2 && first === 'pg_catalog';
  return builtIn.has(first) || serial.has(first);
};
