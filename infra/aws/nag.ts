import {
  type App,
  type IPolicyValidationPlugin,
  type PolicyViolatingResource,
  type PolicyViolation,
  Validations,
} from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { type Suppression, suppressions } from './suppressions.ts';

/**
 * Lets cdk-nag look at the app while it is synthesised: what suppressions.ts does not answer for is an error, warnings
 * included. With `whole`, the app has everything that a suppression speaks of, and one that is not needed is an error too.
 */
export const addNag = (app: App, { whole }: { readonly whole: boolean }): void => {
  const packs = [new AwsSolutionsChecks(app), new ServerlessChecks(app)];
  const plugin: IPolicyValidationPlugin = {
    name: 'cdk-nag',
    validate: (context) => {
      const found = packs.flatMap((pack) => pack.validate(context).violations);
      const violations = [...found.flatMap(unanswered), ...(whole ? idle(found) : [])];
      return { success: violations.length === 0, violations };
    },
  };
  Validations.of(app).addPlugins(plugin);
};

const unanswered = (violation: PolicyViolation): readonly PolicyViolation[] => {
  const left = violation.violatingResources.filter((resource) => !isAnswered(violation, resource));
  return left.length ? [{ ...violation, severity: 'error', violatingResources: left }] : [];
};

const isAnswered = (violation: PolicyViolation, resource: PolicyViolatingResource): boolean =>
  suppressions.some((suppression) => answers(suppression, violation, resource));

/** `AwsSolutions-IAM5[Resource::*]`: the rule, and what it found in brackets. */
const partsOf = ({ ruleName }: PolicyViolation): readonly [rule: string, finding: string] => {
  const [, rule = ruleName, finding = ''] = /^([^[]+)\[(.*)\]$/.exec(ruleName) ?? [];
  return [rule, finding];
};

const answers = (
  { rules, at, findings }: Suppression,
  violation: PolicyViolation,
  { constructPath = '' }: PolicyViolatingResource,
): boolean => {
  const [rule, finding] = partsOf(violation);
  if (!rules.includes(rule) || !at.test(constructPath)) return false;
  return findings === undefined || findings.some(([form]) => form.test(finding));
};

/** Suppressions, and forms of wildcards, for which there is nothing to answer. */
const idle = (found: readonly PolicyViolation[]): readonly PolicyViolation[] =>
  suppressions
    .flatMap((suppression) => [
      ...suppression.rules.map((rule) => ({ ...suppression, rules: [rule] })),
      ...(suppression.findings ?? []).map((finding) => ({ ...suppression, findings: [finding] })),
    ])
    .filter((one) => !found.some((each) => each.violatingResources.some((resource) => answers(one, each, resource))))
    .map(({ rules, findings = [] }) => ({
      ruleName: 'Slipway-IdleSuppression',
      description: `infra/aws/suppressions.ts answers for a finding that nothing has any more: ${rules.join(', ')} ${findings.map(([form, wildcard]) => `${form} (${wildcard})`).join(', ')}`,
      severity: 'error',
      violatingResources: [{ constructPath: 'slipway', locations: [] }],
    }));
