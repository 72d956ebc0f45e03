import { expect, test } from '@jest/globals';
import { findType } from '../../infra/local/cloudformation/specification/specification.ts';
import { checkAttributes } from '../../infra/local/cloudformation/template/check-attributes.ts';
import { builtTemplates, type NamedTemplate, ownTemplates } from '../support/every-template.ts';
import { findings, prepared } from '../support/specification-findings.ts';

const templates = [...ownTemplates(), ...builtTemplates()];

test.each(templates)(
  "every property in the template of $name is one of AWS's specification, none is missing",
  (named) => {
    expect(findings(named)).toEqual([]);
  },
);

test.each(templates)('what the template of $name reads of a resource is there to be read', ({ template }) => {
  expect(() => checkAttributes(prepared(template).template)).not.toThrow();
});

test('a misspelt property is found in a template of any size', () => {
  const [first] = ownTemplates();
  const [[id, resource] = ['', undefined]] = Object.entries(first?.template.Resources ?? {});
  const Resources = { ...first?.template.Resources, [id]: { ...resource, Properties: { Tgas: [] } } };
  expect(findings({ name: 'broken', template: { Resources } as NamedTemplate['template'] })).toContainEqual(
    expect.stringContaining('#: extraneous key [Tgas] is not permitted'),
  );
});

test('AWS specifies every type of every template', () => {
  const types = templates.flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type));
  const unknown = new Set(types.filter((type) => !findType(type)));
  expect([...unknown]).toEqual([]);
});
