import type { BuiltApplication } from '../../functions/domain/template/template.ts';
import { Complaint } from '../complaint.ts';
import type { BuiltFile } from '../configuration/build-side.ts';
import { plain } from '../view/paint.ts';
import { remarkLines } from '../view/remark-lines.ts';
import type { Side } from './side.ts';

/** @throws Complaint with everything that kept the file from being built */
export const builtOf = (source: string, file: BuiltFile): Extract<BuiltFile, { kind: 'built' }> => {
  if (file.kind === 'built') return file;
  throw new Complaint(
    [...remarkLines(file.remarks, plain), `${source} cannot be built: nothing was compared.`].join('\n'),
  );
};

export const sideOf = ({ template, parameters, databases }: BuiltApplication): Side => ({
  template,
  beside: { parameters, databases },
});
