import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../bin/local/synthesise.ts';

const RULES = join(ROOT, 'test/infra/rules');

/** Where the package keeps AWS's own cfn-guard for this machine. */
const program = join(
  ROOT,
  'node_modules/@cdklabs/cdk-validator-cfnguard/bin',
  process.platform === 'darwin' ? 'macos' : 'ubuntu',
  process.arch === 'arm64' ? 'aarch64' : 'x86_64',
  'cfn-guard',
);

const files = globSync('*.guard', { cwd: RULES }).sort();
const rules = files.map((file) => readFileSync(join(RULES, file), 'utf8'));

/** Names of all rules. */
export const guardRules: readonly string[] = rules.flatMap((text) =>
  [...text.matchAll(/^rule (\w+)/gm)].map(([, name = '']) => name),
);

/** For each template, the names of the rules that it breaks and of those that have something to look at in it and hold. */
export const guarded = (
  templates: readonly unknown[],
): readonly { readonly broken: readonly string[]; readonly held: readonly string[] }[] => {
  const input = JSON.stringify({ rules, data: templates.map((template) => JSON.stringify(template)) });
  const words = ['validate', '--payload', '--structured', '--output-format', 'json', '--show-summary', 'none'];
  const { stdout, stderr, status, error } = spawnSync(program, words, { input, encoding: 'utf8', maxBuffer: 1e8 });
  // 0: every rule holds; 19: some do not.
  if (error || (status !== 0 && status !== 19) || stderr)
    throw new Error(`cfn-guard ended with ${status}: ${error?.message ?? stderr}`);
  const reports = JSON.parse(stdout) as readonly Report[];
  return templates.map((_, index) => {
    const report = reports.find(({ name }) => name === `DATA_STDIN[${index + 1}]`);
    if (!report) throw new Error(`cfn-guard says nothing of template ${index + 1}`);
    return { broken: [...new Set(report.not_compliant.map(({ Rule }) => Rule.name))].sort(), held: report.compliant };
  });
};

interface Report {
  readonly name: string;
  readonly compliant: readonly string[];
  readonly not_compliant: readonly { readonly Rule: { readonly name: string } }[];
}
