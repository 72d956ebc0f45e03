import { describeError } from '../../functions/domain/configuration/configuration-error.ts';
import type { Remark } from '../configuration/remark.ts';
import type { Paint } from './paint.ts';

/** A line for each remark; the place of an error comes first, so that editors find it. `checked` are all environments. */
export const remarkLines = (remarks: readonly Remark[], paint: Paint, checked?: readonly string[]): readonly string[] =>
  remarks.map((remark) => {
    const line = `${describeError(remark)}${except(remark, checked)}`;
    return remark.severity === 'warning' ? `${paint('warn', 'warning:')} ${line}` : line;
  });

/** Where not all of the environments complain, those that do. */
const except = ({ environments }: Remark, checked: readonly string[] | undefined): string =>
  !environments || !checked || environments.length === checked.length ? '' : ` [${environments.join(', ')}]`;

/** `2 errors and 1 warning`. */
export const remarkCounts = (remarks: readonly Remark[]): string => {
  const errors = remarks.filter(({ severity }) => severity === 'error').length;
  const warnings = remarks.length - errors;
  return [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ].join(' and ');
};

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
