import { type CollectionTag, Pair, parseDocument, Scalar, type ScalarTag, YAMLMap } from 'yaml';
import { checkShape } from './check-shape.ts';
import { formatError, type Template } from './template.ts';

/** JSON or YAML with CloudFormation's short tags; throws AWS's `Template format error: ...` for what is neither. */
export const parseTemplate = (body: string): Template =>
  checkShape(body.trimStart().startsWith('{') ? fromJson(body) : fromYaml(body));

const fromJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch (error) {
    // A flow mapping is YAML too, and AWS reads such a body as YAML.
    const yaml = parseDocument(body, { customTags });
    if (yaml.errors.length === 0) return yaml.toJS();
    throw formatError(`JSON not well-formed. ${error instanceof Error ? error.message : ''}`.trim());
  }
};

const fromYaml = (body: string): unknown => {
  const document = parseDocument(body, { customTags });
  const problem = document.errors[0] ?? document.warnings[0];
  if (!problem) return document.toJS();
  const at = problem.linePos?.[0];
  const place = at ? ` (line ${at.line}, column ${at.col})` : '';
  throw formatError(`YAML not well-formed.${place} ${problem.message.split('\n')[0]}`);
};

const LONG_FORMS: Readonly<Record<string, string>> = {
  Ref: 'Ref',
  Condition: 'Condition',
  ...Object.fromEntries(
    [
      ...['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Not', 'Or'],
      ...['Select', 'Split', 'Sub', 'Transform'],
    ].map((name) => [name, `Fn::${name}`]),
  ),
};

const long = (key: string, argument: unknown) => {
  const map = new YAMLMap();
  map.items.push(new Pair(new Scalar(key), argument));
  return map;
};

const customTags = Object.entries(LONG_FORMS).flatMap(([name, key]): (ScalarTag | CollectionTag)[] => [
  { tag: `!${name}`, resolve: (text: string) => ({ [key]: text }) },
  { tag: `!${name}`, collection: 'seq', resolve: (items: unknown) => long(key, items) },
  { tag: `!${name}`, collection: 'map', resolve: (entries: unknown) => long(key, entries) },
]);
