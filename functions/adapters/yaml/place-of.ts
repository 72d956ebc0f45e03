import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type LineCounter, type ParsedNode } from 'yaml';
import type { Place } from '../../domain/configuration/configuration-error.ts';
import type { Finding, Keys } from '../../domain/configuration/finding.ts';
import { camelCase } from '../../domain/configuration/normalise.ts';

export type ParsedDocument = Document.Parsed<ParsedNode>;

/** The place of a finding: its key or value, else the nearest thing above it that exists. */
export const placeOf = (document: ParsedDocument, lines: LineCounter, { keys, at }: Finding): Place => {
  let node: unknown = document.contents;
  let offset = offsetOf(node);
  for (const [index, key] of keys.entries()) {
    const found = childOf(document, node, key);
    if (!found) break;
    const wantsKey = index === keys.length - 1 && at === 'key';
    offset = offsetOf(wantsKey || found.value === null ? found.key : found.value);
    node = found.value;
  }
  return placeAt(lines, offset);
};

const childOf = (document: ParsedDocument, parent: unknown, key: Keys[number]) => {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(node) && typeof key === 'number') {
    const item = node.items[key];
    return item === undefined ? undefined : { key: item, value: item };
  }
  if (!isMap(node)) return undefined;
  const spelled = (pair: { key: unknown }) => (isScalar(pair.key) ? String(pair.key.value) : undefined);
  return (
    node.items.find((pair) => spelled(pair) === key) ??
    node.items.find((pair) => camelCase(spelled(pair) ?? '') === key)
  );
};

/** Where a node starts in the text. */
export const offsetOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);

/** Line and column, both from 1, of an offset in the text. */
export const placeAt = (lines: LineCounter, offset: number): Place => {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
};
