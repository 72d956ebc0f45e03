import { expect, test } from '@jest/globals';
import * as z from 'zod';
import { jsonSchemaOf } from '../../../bin/docs/json-schema.ts';
import { keyTable } from '../../../bin/docs/key-table.ts';
import { exactlyOneOf, own, prefixedEnum, schemaHints } from '../../../functions/domain/configuration/schema-hints.ts';

const item = exactlyOneOf(
  ['fromHere', 'there'],
  z.strictObject({ fromHere: z.string().optional().describe('A.'), there: z.int().min(1).optional().describe('B.') }),
);
const schema = z
  .strictObject({
    someName: z.string().describe('Its name.'),
    kind: prefixedEnum('KIND_', ['GOOD', 'BAD']).default('GOOD').describe('How it is.'),
    items: z.array(item).default([]).describe('Things.'),
    count: own(z.int().min(0).max(9).default(1), 'How many.'),
  })
  .register(schemaHints, { aliases: { oldName: 'someName' } });

test('a row for every key says what it takes, what holds when it is left out, and what it means', () => {
  expect(keyTable(jsonSchemaOf(schema)).split('\n').slice(2)).toEqual([
    '| `someName` | text | **required** | Its name. |',
    '| `kind` | `GOOD`, `BAD` | `GOOD` | How it is. |',
    '| `items` | list |  | Things. |',
    '| `items[].fromHere` | text | one of these | A. |',
    '| `items[].there` | whole number, at least 1 | one of these | B. |',
    '| `count` **+** | whole number, 0 to 9 | `1` | How many. |',
  ]);
});

test('keys that are explained elsewhere can be left out', () => {
  expect(keyTable(jsonSchemaOf(schema), 'items[]')).not.toContain('fromHere');
  expect(keyTable(jsonSchemaOf(schema), 'items[]')).toContain('`items`');
});
