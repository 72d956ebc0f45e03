import type { PendingMigration } from '../../functions/domain/migrations/migrations.ts';
import type { Plan } from '../../functions/domain/plan/plan.ts';
import { CALL } from './names.ts';
import type { Paint } from './paint.ts';
import { modeWords, outageWords } from './plan-words.ts';

/** A plan as a person reads it before signing: mode and reasons, what it costs, what changes, what it stops for. */
export const planLines = (plan: Plan, paint: Paint): readonly string[] => {
  const { deploymentId, mode, hash, reasons, forecast, approvals, stack, databases } = plan;
  const basis = forecast.basis === 'measured' ? ', as measured before' : '';
  return [
    `Plan of ${paint('strong', deploymentId)}: ${paint('strong', mode)}, ${modeWords[mode]}`,
    ...reasons.flatMap((reason) => reason.split('\n')).map((line) => `  ${line}`),
    `  ${outageWords(forecast.outageSeconds)}${basis}`,
    ...section('A person has to agree to', approvals, paint),
    ...section('Locks', forecast.locks, paint),
    ...section('Replaced', forecast.replacements, paint),
    ...section(
      'Migrations',
      databases.flatMap(({ database, pending }) => pending.map(migrationOf(database))),
      paint,
    ),
    ...section(
      'Changes',
      stack.changes.map((change) => `${change.action} ${change.logicalId} (${change.type})`),
      paint,
    ),
    '',
    `Hash: ${hash}`,
  ];
};

/** How to answer a plan that waits. */
export const answerCalls = ({ deploymentId, hash }: Plan): readonly string[] => [
  `To let it run:  ${CALL} approve ${deploymentId} --hash ${hash}`,
  `To stop it:     ${CALL} refuse ${deploymentId} --hash ${hash}`,
];

const migrationOf =
  (database: string) =>
  ({ path, statements }: PendingMigration): string =>
    `${database}: ${path}${statements.length > 0 ? `: ${statements.map(({ text }) => text).join('; ')}` : ''}`;

const section = (title: string, lines: readonly string[], paint: Paint): readonly string[] =>
  lines.length === 0 ? [] : ['', paint('strong', `${title}:`), ...lines.map((line) => `  ${line}`)];
