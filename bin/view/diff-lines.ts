import type { Replacement } from '../diff/replacement.ts';
import type { ChangedResource, TemplateDiff } from '../diff/template-diff.ts';
import type { ValueChange } from '../diff/value-changes.ts';
import type { Paint } from './paint.ts';

/** What a deployment would change, section by section; nothing for a section without a change. */
export const diffLines = (diff: TemplateDiff, paint: Paint): readonly string[] =>
  [
    section(
      'Added',
      diff.added.map(({ logicalId, type }) => paint('good', `+ ${logicalId} (${type})`)),
      paint,
    ),
    section(
      'Changed',
      diff.changed.flatMap((resource) => changedLines(resource, paint)),
      paint,
    ),
    section(
      'Removed',
      diff.removed.map(({ logicalId, type, kept }) =>
        paint('bad', `- ${logicalId} (${type})${kept ? ': stays with what it holds, outside of the stack' : ''}`),
      ),
      paint,
    ),
    section('Replaced', diff.replacements.map(replacementLine), paint),
    section('Slipway would refuse it', diff.refusals, paint),
    section('A person would have to agree', diff.approvals, paint),
    section(
      'Parameters',
      diff.parameters.map((change) => valueLine(change, paint)),
      paint,
    ),
    section(
      'Databases',
      diff.databases.map((change) => valueLine(change, paint)),
      paint,
    ),
    section(
      'Beside the resources',
      diff.others.map((change) => valueLine(change, paint)),
      paint,
    ),
  ]
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));

const section = (title: string, lines: readonly string[], paint: Paint): readonly string[] =>
  lines.length === 0 ? [] : [paint('strong', `${title}:`), ...lines.map((line) => `  ${line}`)];

const changedLines = ({ logicalId, type, properties, follows }: ChangedResource, paint: Paint): readonly string[] => [
  paint('warn', `~ ${logicalId} (${type})`),
  ...properties.map((change) => `    ${valueLine(change, paint)}`),
  ...(follows.length > 0 ? [`    follows ${follows.join(', ')}`] : []),
];

const replacementLine = ({ logicalId, certain, because, means }: Replacement): string => {
  const causes = because.length > 0 ? ` because of ${because.join(', ')}` : '';
  return `${logicalId} ${certain ? 'is replaced' : 'may be replaced'}${causes}: ${means}.`;
};

const valueLine = ({ path, before, after }: ValueChange, paint: Paint): string => {
  if (before === undefined) return paint('good', `+ ${path}: ${shown(after)}`);
  if (after === undefined) return paint('bad', `- ${path}: ${shown(before)}`);
  return `~ ${path}: ${shown(before)} → ${shown(after)}`;
};

/** A terminal wants to be read: `--json` cuts nothing. */
const LONGEST = 160;

const shown = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
};
