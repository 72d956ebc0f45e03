import type { BusEvent } from './bus-event.ts';
import type { RuleRecord, TargetRecord } from './rules.ts';

/** What a target is sent: the event, a constant, a part of the event, or a filled template. */
export const targetInput = (
  rule: Pick<RuleRecord, 'arn' | 'ruleName'>,
  target: Pick<TargetRecord, 'input' | 'inputPath' | 'inputTransformer'>,
  event: BusEvent,
): string => {
  if (target.input !== undefined) return target.input;
  if (target.inputPath !== undefined) return JSON.stringify(valueAt(event, target.inputPath) ?? null);
  if (target.inputTransformer === undefined) return JSON.stringify(event);
  const { inputPathsMap, inputTemplate } = target.inputTransformer;
  const values = new Map<string, unknown>([
    ['aws.events.rule-arn', rule.arn],
    ['aws.events.rule-name', rule.ruleName],
    ['aws.events.event.ingestion-time', event.time],
    ['aws.events.event', event],
    ['aws.events.event.json', event],
    ...Object.entries(inputPathsMap).map(([name, path]) => [name, valueAt(event, path)] as const),
  ]);
  return filled(inputTemplate, values);
};

/** `$.detail.a['b'].c[0]`: names and list positions only. */
export const valueAt = (event: unknown, path: string): unknown => {
  const steps = [...path.replace(/^\$/, '').matchAll(/\.([^.[\]]+)|\['([^']+)'\]|\[(\d+)\]/g)];
  return steps.reduce<unknown>((value, [, name, quoted, position]) => {
    const key = name ?? quoted ?? position ?? '';
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
  }, event);
};

/** A placeholder inside quotes becomes text, one outside a JSON value; what is absent becomes empty text. */
const filled = (template: string, values: ReadonlyMap<string, unknown>): string => {
  let inQuotes = false;
  return template.replace(/\\.|"|<([\w.-]+)>/g, (found, name: string | undefined) => {
    if (found === '"') inQuotes = !inQuotes;
    if (name === undefined || !values.has(name)) return found;
    const json = JSON.stringify(values.get(name) ?? '');
    if (!inQuotes) return json;
    return json.startsWith('"') ? json.slice(1, -1) : JSON.stringify(json).slice(1, -1);
  });
};
