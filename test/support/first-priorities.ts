import {
  type PriorityParameter,
  prioritiesOf,
  reservePriorities,
} from '../../functions/domain/template/rule-priorities.ts';
import type { Parameter } from '../../functions/domain/template/template.ts';

/** What the rules of a release are given on listeners that nobody has used yet. */
export const firstPriorities = (parameters: readonly Parameter[]): Readonly<Record<string, number>> => {
  const all = parameters.filter((parameter): parameter is PriorityParameter => parameter.kind === 'rulePriority');
  const priorities: Record<string, number> = {};
  for (const listenerArn of new Set(all.map((rule) => rule.listenerArn))) {
    const rules = all.filter((rule) => rule.listenerArn === listenerArn);
    const reserved = reservePriorities(undefined, { stack: 's', fence: 1, listenerArn, rules, current: {}, used: [] });
    if (reserved.record) Object.assign(priorities, prioritiesOf(reserved.record, 's'));
  }
  return priorities;
};
