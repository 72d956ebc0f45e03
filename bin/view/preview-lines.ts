import type { DatabaseFindings } from '../../functions/domain/migrations/migrations.ts';
import type { Plan, ResourceChange } from '../../functions/domain/plan/plan.ts';
import type { Preview } from '../../functions/domain/plan/preview.ts';
import { columns } from './columns.ts';
import { CALL, shortCommit } from './names.ts';
import type { Paint } from './paint.ts';
import { modeWords, outageWords } from './plan-words.ts';

/** What a deployment would do, for whoever thinks about asking for it; `steps` in one line. */
export const previewLines = (preview: Preview, steps: string, paint: Paint): readonly string[] => {
  const { evaluation, stackName, version } = preview;
  const what = `${paint('strong', stackName)} ${shortCommit(version)}`;
  return evaluation.outcome === 'refused'
    ? [
        `${paint('bad', '✘')} ${what} would be refused:`,
        ...evaluation.reasons.flatMap((reason) => reason.split('\n')).map((line) => `  ${line}`),
        ...preview.notes.map((note) => `  ${note}`),
        UNCHANGED,
      ]
    : [`Plan of ${what}: ${planned(preview, evaluation.plan, paint)}`, ...plan(preview, evaluation.plan, steps, paint)];
};

const UNCHANGED = 'Nothing was queued, nothing was changed.';

const planned = ({ strategy }: Preview, { mode }: Plan, paint: Paint): string =>
  strategy === 'quick'
    ? `${paint('strong', 'quick')}, without waiting for a plan`
    : `${paint('strong', mode)}, ${modeWords[mode]}`;

const plan = (preview: Preview, made: Plan, steps: string, paint: Paint): readonly string[] => {
  const { reasons, forecast, approvals, stack, databases } = made;
  const { basis, approval, environment, strategy } = preview;
  const person =
    strategy === 'quick' ? 'It would be refused, since a person has to agree to' : 'A person has to agree to';
  const source = basis === 'change-set' ? "from CloudFormation's change set" : 'from the templates alone';
  const wished = approval && approvals.length === 0 ? [`Environment ${environment} wants a signature for it.`] : [];
  return [
    ...reasons.flatMap((reason) => reason.split('\n')).map((line) => `  ${line}`),
    `  ${outageWords(forecast.outageSeconds)}${forecast.basis === 'measured' ? ', as measured before' : ''}`,
    ...section(person, [...approvals, ...wished], paint),
    ...section('Locks', forecast.locks, paint),
    ...section('Replaced', forecast.replacements, paint),
    ...section('Databases', databases.flatMap(databaseLines), paint),
    ...section(`Changes of the stack, ${source}`, changeTable(stack.changes), paint),
    ...section('Steps', [steps], paint),
    '',
    UNCHANGED,
    `To deploy it: ${CALL} deploy ${environment}, with the same options.`,
  ];
};

const databaseLines = ({ database, pending, compatibility, lock, lockReason }: DatabaseFindings): readonly string[] => {
  if (pending.length === 0) return [`${database}: nothing is pending`];
  const rows = pending.flatMap(({ path, statements }) =>
    statements.map((each) => [`${path}:${each.line}`, each.compatibility, each.lock, each.text]),
  );
  const empty = pending.filter(({ statements }) => statements.length === 0).map(({ path }) => [path, 'no statements']);
  return [
    `${database}: ${pending.length} pending, ${compatibility}, lock ${lock}`,
    ...columns([...rows, ...empty]).map((row) => `  ${row}`),
    ...(lockReason ? [`  ${lockReason}`] : []),
  ];
};

/** Unchanged when there is no row. */
const changeTable = (changes: readonly ResourceChange[]): readonly string[] =>
  changes.length === 0
    ? ['none']
    : columns(
        changes.map((change) => [
          change.action,
          change.logicalId,
          change.type,
          replaced[change.action === 'Modify' ? change.replacement : 'False'],
          change.properties.join(', '),
        ]),
      );

const replaced: Readonly<Record<ResourceChange['replacement'], string>> = {
  True: 'replaced',
  Conditional: 'perhaps replaced',
  False: '',
};

const section = (title: string, lines: readonly string[], paint: Paint): readonly string[] =>
  lines.length === 0 ? [] : ['', paint('strong', `${title}:`), ...lines.map((line) => `  ${line}`)];
