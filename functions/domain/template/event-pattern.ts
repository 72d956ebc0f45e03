import type { SubscriptionForm } from './subscription-form.ts';

/** What stands under `detail` of an event pattern: fields of a message envelope. */
export type DetailPattern = Readonly<Record<string, unknown>>;

/** Values of a pattern that the stack knows by parameters: as text to measure by, or as what the template says. */
export interface PatternValues {
  /** Full name of the environment whose messages are meant; every environment's without it. */
  readonly sourceEnv?: unknown;
  /** `{environment}/{application}` of whoever subscribes. */
  readonly replyTo: unknown;
}

/** EventBridge's quota: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
export const maxPatternLength = 2048;

/**
 * Groups of subscriptions, each small enough for one pattern; together they are all of them, each once. Equal sets of
 * forms give equal groups, whatever their order. A message that forms of two groups match comes twice.
 */
export const patternGroups = (
  forms: readonly SubscriptionForm[],
  texts: PatternValues,
): readonly (readonly SubscriptionForm[])[] => {
  const groups: SubscriptionForm[][] = [];
  for (const form of withoutCovered(forms)) {
    const last = groups.at(-1);
    if (last && lengthOf([...last, form], texts) <= maxPatternLength) last.push(form);
    else groups.push([form]);
  }
  return groups;
};

/** The event pattern of one group. */
export const eventPattern = (forms: readonly SubscriptionForm[], values: PatternValues) => {
  const source = values.sourceEnv === undefined ? {} : { sourceEnv: [values.sourceEnv] };
  if (forms.some(isEverything)) return { detail: { sourceEnv: [values.sourceEnv ?? { exists: true }] } };
  const alternatives = alternativesOf(forms, values);
  return { detail: { ...source, ...(alternatives.length === 1 ? alternatives[0] : { $or: alternatives }) } };
};

const lengthOf = (forms: readonly SubscriptionForm[], texts: PatternValues) =>
  JSON.stringify(eventPattern(forms, texts)).length;

/** Sorted and each once; what a wider one includes would only be delivered twice. */
const withoutCovered = (forms: readonly SubscriptionForm[]): readonly SubscriptionForm[] => {
  const everything = forms.find(isEverything);
  if (everything) return [everything];
  const services = new Set(forms.flatMap((form) => (form.kind === 'service' ? [form.service] : [])));
  const wanted = forms.filter((form) => form.kind !== 'method' || !services.has(form.service));
  const byText = new Map(wanted.map((form) => [JSON.stringify(form), form]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, form]) => form);
};

const isEverything = (form: SubscriptionForm) => form.kind === 'global' && form.what === '*';

const alternativesOf = (forms: readonly SubscriptionForm[], { replyTo }: PatternValues): readonly DetailPattern[] => {
  const topics = forms.flatMap((form) => (form.kind === 'topic' ? [form.topic] : []));
  const services = forms.flatMap((form) => (form.kind === 'service' ? [form.service] : []));
  const globals = forms.flatMap((form) => (form.kind === 'global' ? [form.what] : []));
  // An answer is for whoever asked; requests and everything else have no such field.
  const reply = { replyTo: [{ exists: false }, replyTo] };
  return [
    ...globals.map((what) => ({ [what]: { entityName: [{ exists: true }] } })),
    ...(topics.length > 0 ? [{ destinationTopic: topics }] : []),
    ...(services.length > 0 ? [{ grpcService: services, reply }] : []),
    ...methodsOf(forms).map(([service, grpcMethod]) => ({ grpcService: [service], grpcMethod, reply })),
  ];
};

const methodsOf = (forms: readonly SubscriptionForm[]): readonly [string, readonly string[]][] => {
  const byService = new Map<string, string[]>();
  for (const form of forms)
    if (form.kind === 'method') byService.set(form.service, [...(byService.get(form.service) ?? []), form.method]);
  return [...byService];
};
