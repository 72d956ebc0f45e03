import { isRecord } from './template.ts';

/** A mention of a resource or a parameter inside a value: `Ref`, `Fn::GetAtt`, or `${...}` of `Fn::Sub`. */
export interface Reference {
  readonly name: string;
  /** Set for Fn::GetAtt. */
  readonly attribute?: string;
}

/** Every mention, in order of appearance; pseudo parameters are left out. */
export const referencesIn = (value: unknown): readonly Reference[] => {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isRecord(value)) return [];
  const [only, ...more] = Object.entries(value);
  if (!only) return [];
  if (more.length) return Object.values(value).flatMap(referencesIn);
  const [key, argument] = only;
  if (key === 'Ref' && typeof argument === 'string') return named({ name: argument });
  if (key === 'Fn::GetAtt') return attributeReference(argument);
  if (key === 'Fn::Sub') return substitutions(argument);
  return referencesIn(argument);
};

/** `[id, attribute]` or `id.attribute`; an attribute may itself hold dots (`Endpoint.Address`). */
export const splitGetAtt = (argument: unknown): readonly [string, unknown] => {
  if (Array.isArray(argument))
    return [String(argument[0]), argument.length > 2 ? argument.slice(1).join('.') : argument[1]];
  const text = String(argument);
  const dot = text.indexOf('.');
  return dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
};

/** Names inside `${...}`; `${!Literal}` is none. */
export const placeholders = (text: string): readonly string[] =>
  [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map((match) => (match[1] ?? '').trim());

const named = (reference: Reference): readonly Reference[] => (reference.name.startsWith('AWS::') ? [] : [reference]);

const attributeReference = (argument: unknown): readonly Reference[] => {
  const [name, attribute] = splitGetAtt(argument);
  const inner = typeof attribute === 'string' ? [] : referencesIn(attribute);
  return [{ name, attribute: typeof attribute === 'string' ? attribute : '' }, ...inner];
};

const substitutions = (argument: unknown): readonly Reference[] => {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const local = isRecord(variables) ? variables : {};
  const free = placeholders(String(text)).filter((name) => !Object.hasOwn(local, name));
  return [
    ...free.flatMap((name) => {
      const [head, attribute] = splitGetAtt(name);
      return name.startsWith('AWS::') ? [] : named(attribute ? { name: head, attribute: String(attribute) } : { name });
    }),
    ...Object.values(local).flatMap(referencesIn),
  ];
};
