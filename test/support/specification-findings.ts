import { resolvedProperties } from '../../infra/local/cloudformation/changes/changes.ts';
import { checkProperties, findingWords } from '../../infra/local/cloudformation/specification/check-properties.ts';
import { knownAfterApply } from '../../infra/local/cloudformation/template/intrinsics.ts';
import { parseTemplate } from '../../infra/local/cloudformation/template/parse-template.ts';
import { prepare } from '../../infra/local/cloudformation/template/prepare.ts';
import { scopeOf } from '../../infra/local/cloudformation/template/scope.ts';
import type { NamedTemplate } from './every-template.ts';

const place = { account: '000000000000', region: 'eu-west-1', stackName: 'shop', stackId: 'arn:stack/shop/1' };

/** The template as AWS gets it, with a number for every parameter: a text may be one too. */
export const prepared = (template: unknown) => {
  const parsed = parseTemplate(JSON.stringify(template));
  return prepare(parsed, Object.fromEntries(Object.keys(parsed.Parameters ?? {}).map((name) => [name, '1'])), place);
};

/** What AWS's resource specification would object to. */
export const findings = ({ name, template }: NamedTemplate): readonly string[] => {
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
