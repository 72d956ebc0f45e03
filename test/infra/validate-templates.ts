import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CloudFormationValidatePlugin } from 'aws-cdk-lib';
import { builtTemplates, ownTemplates } from '../support/every-template.ts';

// `npm run templates`: AWS's own validation (@aws/cloudformation-validate, with CDK's rules) of every template that
// Slipway deploys, its own and those that it builds. By itself, because its schemas and rules take seconds and 400 MB.

/** What the rules are wrong about, each with the reason. */
const exceptions: readonly { readonly rule: string; readonly about: RegExp; readonly reason: string }[] = [
  {
    rule: 'W2509',
    about: /^Parameters\/DatabaseSecret\w+: Parameter '\w+' appears to be a password/,
    reason: 'holds the ARN of a secret, which ECS reads when it starts a container',
  },
];

const folder = mkdtempSync(join(tmpdir(), 'slipway-templates-'));
try {
  const stackTemplates = [...ownTemplates(), ...builtTemplates()].map(({ name, template }) => {
    const templatePath = join(folder, `${name.replaceAll('/', '-')}.json`);
    writeFileSync(templatePath, JSON.stringify(template, undefined, 1));
    return { stackConstructPath: name, templatePath, accountId: '000000000000', region: 'eu-west-1' };
  });
  const { violations } = new CloudFormationValidatePlugin().validate({
    stackTemplates,
    templatePaths: stackTemplates.map(({ templatePath }) => templatePath),
    appConstruct: new App(),
  });
  const isException = ({ rule, about }: (typeof exceptions)[number], violation: (typeof violations)[number]) =>
    violation.ruleName === rule && about.test(violation.description);
  const left = violations.filter((violation) => !exceptions.some((one) => isException(one, violation)));
  const idle = exceptions.filter((one) => !violations.some((violation) => isException(one, violation)));
  for (const { rule, reason } of idle) console.error(`${rule} (${reason}): nothing needs this exception any more`);
  for (const { ruleName, description, severity, fix, violatingResources } of left)
    for (const { templatePath = '', resourceLogicalId = '' } of violatingResources) {
      const name = stackTemplates.find((one) => one.templatePath === templatePath)?.stackConstructPath ?? templatePath;
      console.error(`${name} ${resourceLogicalId}: ${severity} ${ruleName}: ${description}${fix ? ` (${fix})` : ''}`);
    }
  console.log(`${stackTemplates.length} templates, ${left.length} findings`);
  process.exitCode = left.length + idle.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
