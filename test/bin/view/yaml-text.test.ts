import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { yamlText } from '../../../bin/view/yaml-text.ts';

/** Texts that YAML 1.1 takes for something else when they stand bare. */
const odd = ['on', 'No', 'y', '~', '22:22', '012', '0x1f', '1_000', '2010-09-09', '=', '<<', '.inf', ':80', '1e3', ''];
const text = fc.oneof(fc.constantFrom(...odd), fc.string(), fc.string({ unit: 'binary' }));
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ depthSize: 'small' }, text, fc.integer(), fc.boolean(), tie('list'), tie('mapping')),
  list: fc.array(tie('tree'), { maxLength: 4 }),
  mapping: fc.dictionary(
    // A merge is a merge even in quotes; no key of a template is called so.
    text.filter((key) => key !== '__proto__' && key !== '<<'),
    tie('tree'),
    { maxKeys: 4 },
  ),
}));

test('whatever is written is read again as the same, by the rules of YAML 1.1', () => {
  fc.assert(
    fc.property(tree, (document) => {
      expect(parse(yamlText(document), { version: '1.1' })).toEqual(document);
    }),
  );
});

test('what stands twice is written twice: CloudFormation takes no aliases', () => {
  const shared = { a: [1] };
  expect(yamlText({ one: shared, two: shared })).toBe('one:\n  a:\n    - 1\ntwo:\n  a:\n    - 1\n');
});

test('long texts are not broken', () => {
  const long = 'word '.repeat(60).trim();
  expect(yamlText({ long })).toBe(`long: ${long}\n`);
});
