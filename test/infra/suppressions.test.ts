import { expect, test } from '@jest/globals';
import { manifest, pascal } from '../../functions/manifest.ts';
import { suppressions } from '../../infra/aws/suppressions.ts';
import { resourcesOfType } from '../support/synthesised.ts';

test('at most five kinds of findings are left as they are, each with its reason', () => {
  expect(suppressions.length).toBeLessThanOrEqual(5);
  for (const { reason, at, findings } of suppressions) {
    expect(reason.length).toBeGreaterThan(40);
    for (const [form, wildcard] of findings ?? []) {
      expect(form.source).toMatch(/^\^Resource::.+\$$/);
      expect(wildcard).not.toBe('');
    }
    // One path, not everything.
    expect(at.test('slipway/Other/Resource')).toBe(false);
  }
});

test('no wildcard in an action is ever left as it is', () => {
  const forms = suppressions.flatMap(({ findings = [] }) => findings.map(([form]) => form));
  for (const finding of [
    'Action::*',
    'Action::s3:*',
    'Resource::arn:aws:s3:::*',
    'Resource::arn:aws:iam::000000000000:role/*',
  ])
    expect([finding, forms.filter((form) => form.test(finding))]).toEqual([finding, []]);
});

test('whoever is called without being waited for has a queue for what it failed at', () => {
  const withoutAnswer = manifest.filter(({ asynchronous }) => asynchronous).map(({ name }) => pascal(name));
  const failing = resourcesOfType('AWS::Lambda::Function').filter(
    ([, { Properties }]) => Properties?.['DeadLetterConfig'],
  );
  expect(failing.map(([id]) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual(withoutAnswer.sort());
  const alone = suppressions.find(({ rules }) => rules.includes('Serverless-LambdaDLQ'));
  for (const name of withoutAnswer) expect(alone?.at.test(`slipway/${name}/Resource`)).toBe(false);
});
