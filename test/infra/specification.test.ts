import { expect, test } from '@jest/globals';
import { resolvedProperties } from '../../infra/local/cloudformation/changes/changes.ts';
import { checkProperties, findingWords } from '../../infra/local/cloudformation/specification/check-properties.ts';
import { findType } from '../../infra/local/cloudformation/specification/specification.ts';
import { checkAttributes } from '../../infra/local/cloudformation/template/check-attributes.ts';
import { knownAfterApply } from '../../infra/local/cloudformation/template/intrinsics.ts';
import { parseTemplate } from '../../infra/local/cloudformation/template/parse-template.ts';
import { prepare } from '../../infra/local/cloudformation/template/prepare.ts';
import { scopeOf } from '../../infra/local/cloudformation/template/scope.ts';
import { builtTemplates, type NamedTemplate, ownTemplates } from '../support/every-template.ts';

const place = { account: '000000000000', region: 'eu-west-1', stackName: 'shop', stackId: 'arn:stack/shop/1' };

/** The template as AWS gets it, with a number for every parameter: a text may be one too. */
const prepared = (template: unknown) => {
  const parsed = parseTemplate(JSON.stringify(template));
  return prepare(parsed, Object.fromEntries(Object.keys(parsed.Parameters ?? {}).map((name) => [name, '1'])), place);
};

const findings = ({ name, template }: NamedTemplate): readonly string[] => {
  const taken = prepared(template);
  const scope = scopeOf(
    taken,
    () => undefined,
    (exported) => exported,
    knownAfterApply,
  );
  return Object.entries(taken.template.Resources).flatMap(([id, declared]) =>
    checkProperties(declared.Type, resolvedProperties(declared, scope)).map(
      (finding) => `${name} ${id} ${declared.Type} ${findingWords(finding)}`,
    ),
  );
};

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
