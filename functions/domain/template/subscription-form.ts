import { nearest } from '../configuration/nearest.ts';

/** What the name of a subscription asks for. */
export type SubscriptionForm =
  /** Messages to a topic, by its name. */
  | { readonly kind: 'topic'; readonly topic: string }
  /** Messages of a gRPC service, or of one of its methods. */
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'method'; readonly service: string; readonly method: string }
  /** Every event, every upsert, or everything. */
  | { readonly kind: 'global'; readonly what: GlobalName }
  /** An SNS topic of the cluster. */
  | { readonly kind: 'infra'; readonly topic: string }
  /** No form of ours, in words for its author. */
  | { readonly kind: 'unknown'; readonly message: string; readonly nearest?: string };

type GlobalName = (typeof globalNames)[number];

const globalNames = ['event', 'upsert', '*'] as const;

/** The five forms of names; https://github.com/pentops/o5-deploy-aws builds its patterns from the same. */
export const subscriptionForm = (name: string): SubscriptionForm => {
  const [first = '', second, third, ...more] = name.split('/');
  if (/\s/.test(name) || more.length > 0 || name === '') return unknown(name);
  if (second === undefined) return { kind: 'topic', topic: first };
  if (first === '') return ofService(name, second, third);
  if (third !== undefined) return unknown(name);
  if (first === 'global') return ofGlobal(second);
  if (first === 'o5-infra') return ofInfra(second);
  return unknown(name, misspelt(first, second));
};

/** The rule that message envelopes hold for their service and method. */
const ofService = (name: string, service: string, method: string | undefined): SubscriptionForm => {
  if (!/^\w+(\.\w+)+$/.test(service)) return unknown(name);
  if (method === undefined) return { kind: 'service', service };
  return /^\w+$/.test(method) ? { kind: 'method', service, method } : unknown(name);
};

const ofGlobal = (word: string): SubscriptionForm => {
  const what = globalNames.find((known) => known === word);
  if (what) return { kind: 'global', what };
  const known = globalNames.map((one) => `global/${one}`);
  return unknown(`global/${word}`, nearest(`global/${word}`, known));
};

/** SNS's rule for the names of topics; what stands before it is the cluster's. */
const ofInfra = (topic: string): SubscriptionForm =>
  /^[\w-]{1,192}$/.test(topic) ? { kind: 'infra', topic } : unknown(`o5-infra/${topic}`);

const misspelt = (first: string, second: string): string | undefined => {
  // A service whose leading slash was forgotten.
  if (/^\w+(\.\w+)+$/.test(first)) return `/${first}/${second}`;
  const word = nearest(first, ['global', 'o5-infra']);
  return word === undefined ? undefined : `${word}/${second}`;
};

const unknown = (name: string, near?: string): SubscriptionForm => ({
  kind: 'unknown',
  message: `"${name}" is no form of a subscription: expected a topic, /package.Service, /package.Service/Method, global/event, global/upsert, global/* or o5-infra/{topic}`,
  ...(near !== undefined && { nearest: near }),
});
