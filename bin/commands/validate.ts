import type { ConfigurationFile } from '../../functions/domain/configuration/configuration-error.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { type Examination, type Examined, examineFiles, type Files } from '../configuration/examine-files.ts';
import { fileKind } from '../configuration/file-kind.ts';
import { readSource } from '../configuration/read-source.ts';
import { isError } from '../configuration/remark.ts';
import type { Output } from '../output.ts';
import type { Paint } from '../view/paint.ts';
import { remarkCounts, remarkLines } from '../view/remark-lines.ts';

/** Reads files and says everything that is wrong with them; nothing else is asked. */
export const validate: Command = {
  name: 'validate',
  says: 'says what is wrong in files of applications, environments and clusters; needs no Slipway and no AWS',
  operands: ['[FILE...]'],
  trouble: 2,
  options: {
    application: { value: 'FILE', repeats: true, says: 'an application file, or REVISION:PATH' },
    configuration: { value: 'FILE', repeats: true, says: 'a configuration file; applications are held against it' },
    environment: { value: 'NAME', says: 'the environment to hold applications against (all of the files)' },
    json: { says: 'what was found, as a JSON list' },
  },
  run: async (given, output) => {
    const examination = examineFiles(filesOf(given), given.values['environment']);
    const remarks = examination.files.flatMap((file) => file.remarks);
    if (given.switches.has('json')) output.line(JSON.stringify(remarks, undefined, 2));
    else tell(examination, output);
    return remarks.some(isError) ? 1 : 0;
  },
};

/** @throws Complaint when a file is not to be read or told, or when they cannot be what was asked for */
const filesOf = ({ operands, lists = {}, values }: Arguments): Files => {
  const plain = operands.map(readSource).map((file) => ({ file, isApplication: isApplication(file) }));
  const named = (option: string) => (lists[option] ?? []).map(readSource);
  const files = {
    applications: [...named('application'), ...plain.filter((each) => each.isApplication).map(({ file }) => file)],
    configurations: [...named('configuration'), ...plain.filter((each) => !each.isApplication).map(({ file }) => file)],
  };
  if (files.applications.length + files.configurations.length === 0)
    throw new Complaint('No file is given: slipway validate FILE..., or --application FILE, --configuration FILE.');
  if (values['environment'] !== undefined && files.configurations.length === 0)
    throw new Complaint(
      `The environment ${values['environment']} stands in none of the files: give its file too, with --configuration.`,
    );
  return files;
};

const isApplication = (file: ConfigurationFile): boolean => {
  const kind = fileKind(file);
  if (kind === 'unclear')
    throw new Complaint(
      `The keys of ${file.path} do not tell what it is: name it with --application or with --configuration.`,
    );
  // Of a file that cannot be read any reader says the same.
  return kind === 'application' || kind === 'unreadable';
};

const tell = ({ files, environments, homeless }: Examination, { line, aside, paint }: Output): void => {
  for (const { remarks } of files) for (const text of remarkLines(remarks, paint, environments)) line(text);
  for (const file of files) line(verdict(file, environments, paint));
  for (const name of homeless)
    aside(`Nothing was held against the environment ${name}: its cluster is in none of the files.`);
};

const verdict = ({ path, holds, remarks }: Examined, environments: readonly string[], paint: Paint): string => {
  const counts = remarkCounts(remarks);
  if (remarks.some(isError)) return `${paint('bad', '✘')} ${path}: ${counts}`;
  const against = environments.length > 0 ? `fits ${environments.join(', ')}` : 'was held against no environment';
  const fit = holds.startsWith('application ') ? `, which ${against}` : '';
  return `${paint('good', '✔')} ${path}: ${holds}${fit}${counts === '' ? '' : `; ${counts}`}`;
};
