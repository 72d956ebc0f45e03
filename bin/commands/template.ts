import type { Command } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { type BuiltFile, buildFile } from '../configuration/build-side.ts';
import { toldParameter } from '../configuration/parameter-words.ts';
import { plain } from '../view/paint.ts';
import { remarkCounts, remarkLines } from '../view/remark-lines.ts';
import { yamlText } from '../view/yaml-text.ts';

/** Prints the template that a release would have. */
export const template: Command = {
  name: 'template',
  says: 'prints the CloudFormation template of an application file; needs no Slipway and no AWS',
  operands: [],
  trouble: 2,
  options: {
    application: { value: 'FILE', says: 'the application file, or REVISION:PATH' },
    configuration: {
      value: 'FILE',
      repeats: true,
      says: 'a file that holds the environment or its cluster (a made-up environment that has what it takes)',
    },
    environment: { value: 'NAME', says: 'the environment (the only one of the files)' },
    version: { value: 'VERSION', says: 'the commit or tag that would be deployed' },
    parameters: { says: 'the parameters too: with their values, or with what a deployment puts in' },
    json: { says: 'as JSON instead of YAML' },
  },
  run: async ({ values, lists = {}, switches }, output) => {
    const { application, version, environment } = values;
    if (application === undefined || version === undefined)
      throw new Complaint('slipway template needs --application FILE and --version VERSION.');
    const built = buildFile({ application, configurations: lists['configuration'] ?? [], environment, version });
    const remarks = built.kind === 'built' ? built.warnings : built.remarks;
    for (const line of remarkLines(remarks, plain)) output.aside(line);
    if (built.kind === 'refused') {
      output.aside(`${remarkCounts(remarks)}: there is no template.`);
      return 1;
    }
    if (built.isSample)
      output.aside(
        `No configuration is given: this is for a made-up environment ${built.site.environment.fullName}, with made-up ids.`,
      );
    output.line(printed(built, switches).trimEnd());
    return 0;
  },
};

const printed = ({ built }: Extract<BuiltFile, { kind: 'built' }>, switches: ReadonlySet<string>): string => {
  const parameters = built.parameters.map(toldParameter);
  const documents = switches.has('parameters') ? [built.template, parameters] : [built.template];
  if (!switches.has('json')) return documents.map(yamlText).join('---\n');
  const json = switches.has('parameters') ? { template: built.template, parameters } : built.template;
  return JSON.stringify(json, undefined, 2);
};
