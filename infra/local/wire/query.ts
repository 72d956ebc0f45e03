import { randomUUID } from 'node:crypto';
import { AwsError, awsErrorFrom, type Input, type Needed, type Operation, type WireService } from './service.ts';

/** A service of the AWS query protocol: form-encoded request, XML answer. */
export const queryService = (
  scope: string,
  namespace: string,
  operations: Readonly<Record<string, Operation>>,
  iamPrefix = scope,
): WireService => ({
  scope,
  handle: async (request, authorize) => {
    const headers = { 'content-type': 'text/xml' };
    try {
      const form = new URLSearchParams(request.body.toString('utf8'));
      const name = form.get('Action') ?? '';
      const operation = operations[name];
      if (!operation) throw new AwsError('InvalidAction', `${scope} does not know the action ${name}`);
      const input = decodeForm(form);
      for (const needed of needsOf(operation, `${iamPrefix}:${name}`, input))
        authorize(needed.action, needed.resources, needed.context);
      const output = await operation.run(input, request.caller);
      const result = output === undefined ? '' : xml(`${name}Result`, output);
      const metadata = xml('ResponseMetadata', { RequestId: randomUUID() });
      return {
        status: 200,
        headers,
        body: `<${name}Response xmlns="${namespace}">${result}${metadata}</${name}Response>`,
      };
    } catch (thrown) {
      const error = awsErrorFrom(thrown);
      const inner = { Type: error.status < 500 ? 'Sender' : 'Receiver', Code: error.code, Message: error.message };
      const body = `<ErrorResponse xmlns="${namespace}">${xml('Error', inner)}${xml('RequestId', randomUUID())}</ErrorResponse>`;
      return { status: error.status, headers, body };
    }
  },
});

const needsOf = (operation: Operation, action: string, input: Input): readonly Needed[] => [
  ...(operation.actions ?? [action]).map((one) => ({ action: one, resources: operation.resources?.(input) ?? ['*'] })),
  ...(operation.alsoNeeds?.(input) ?? []),
];

/** `A.member.1.B=x` becomes `{ A: [{ B: 'x' }] }`; `A.entry.1.key` style maps stay lists of `{ key, value }`. */
export const decodeForm = (form: URLSearchParams): Input => {
  const root: Record<string, Input> = {};
  for (const [path, value] of form) {
    const keys = path.split('.').filter((key) => key !== 'member' && key !== 'entry');
    let at: Record<string, Input> = root;
    keys.slice(0, -1).forEach((key, index) => {
      at[key] ??= /^\d+$/.test(keys[index + 1] ?? '') ? [] : {};
      at = at[key];
    });
    at[keys.at(-1) ?? path] = value;
  }
  return dense(root);
};

/** Lists came with indices from 1: closes the gap. */
const dense = (value: Input): Input => {
  if (Array.isArray(value)) return value.slice(1).map(dense);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, dense(inner)]));
};

/** A value as XML: lists as `<member>`, dates in ISO form, undefined left out. */
export const xml = (name: string, value: unknown): string => {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return `<${name}>${value.map((item) => xml('member', item)).join('')}</${name}>`;
  if (value instanceof Date) return `<${name}>${value.toISOString()}</${name}>`;
  if (typeof value === 'object') {
    const inner = Object.entries(value).map(([key, item]) => xml(key, item));
    return `<${name}>${inner.join('')}</${name}>`;
  }
  return `<${name}>${escapeXml(String(value))}</${name}>`;
};

export const escapeXml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
