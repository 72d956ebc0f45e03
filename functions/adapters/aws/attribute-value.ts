import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/** A record as DynamoDB stores it: the types of JSON; fields that are `undefined` are left out. */
export const itemFrom = (record: object): Item =>
  Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [[name, attributeFrom(value)]])),
  );

/** @throws TypeError for what JSON does not know: functions, symbols, NaN, dates and other objects with a class. */
export const attributeFrom = (value: unknown): AttributeValue => {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'number' && Number.isFinite(value)) return { N: String(value) };
  if (Array.isArray(value)) return { L: value.map(attributeFrom) };
  if (isPlain(value)) return { M: itemFrom(value) };
  throw new TypeError(`A ${typeof value} such as ${String(value)} cannot be stored in DynamoDB`);
};

export const recordFrom = (item: Item): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).map(([name, attribute]) => [name, valueFrom(attribute)]));

const valueFrom = (attribute: AttributeValue): unknown => {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.L !== undefined) return attribute.L.map(valueFrom);
  if (attribute.M !== undefined) return recordFrom(attribute.M);
  if (attribute.NULL) return null;
  throw new TypeError(`A DynamoDB ${Object.keys(attribute).join()} is nothing that Slipway stores`);
};

const isPlain = (value: unknown): value is object => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};
