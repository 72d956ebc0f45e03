import { AwsError } from '../../wire/service.ts';
import { cidrBlocks } from './cidr.ts';
import { placeholders, splitGetAtt } from './references.ts';
import { isRecord, own, type Template } from './template.ts';

/** What a value may refer to while it is resolved. */
export interface Scope {
  readonly template: Template;
  readonly pseudo: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** `Ref` (no attribute) or `Fn::GetAtt` of a resource; throws for what cannot be known. */
  reference(logicalId: string, attribute?: string): unknown;
  importValue(name: string): unknown;
}

/** Stands for what only an execution can tell (the id of a resource that does not exist yet); the same text each time. */
export const knownAfterApply = (logicalId: string, attribute = 'Ref'): string =>
  `${KNOWN_AFTER_APPLY}:${logicalId}.${attribute}}}`;

const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY';

const isOpen = (value: unknown): boolean => typeof value === 'string' && value.includes(KNOWN_AFTER_APPLY);

/** What `AWS::NoValue` leaves behind until the member that holds it is dropped. */
const NO_VALUE = Symbol('AWS::NoValue');

/** A value with every intrinsic function replaced by its result; `Fn::If` is already gone (see prepare.ts). */
export const resolve = (value: unknown, scope: Scope): unknown => {
  const result = resolved(value, scope);
  return result === NO_VALUE ? undefined : result;
};

/** The result of one `Ref`: a parameter, a pseudo parameter or a resource. */
const ref = (name: string, scope: Scope): unknown => {
  if (name === 'AWS::NoValue') return NO_VALUE;
  if (Object.hasOwn(scope.pseudo, name)) return scope.pseudo[name];
  if (Object.hasOwn(scope.parameters, name)) return scope.parameters[name];
  return scope.reference(name);
};

const resolved = (value: unknown, scope: Scope): unknown => {
  if (Array.isArray(value)) return value.map((item) => resolved(item, scope)).filter((item) => item !== NO_VALUE);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value);
  const key = keys[0];
  if (keys.length === 1 && key !== undefined) {
    if (key === 'Ref' && typeof value[key] === 'string') return ref(value[key], scope);
    const intrinsic = own(INTRINSICS, key);
    if (intrinsic) return intrinsic(value[key], scope);
    if (key.startsWith('Fn::')) throw templateError(`the function ${key} is not supported`);
  }
  const members = Object.entries(value).map(([name, member]) => [name, resolved(member, scope)] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== NO_VALUE));
};

const INTRINSICS: Readonly<Record<string, (argument: unknown, scope: Scope) => unknown>> = {
  'Fn::GetAtt': (argument, scope) => {
    const [logicalId, attribute] = splitGetAtt(argument);
    return scope.reference(logicalId, text(resolved(attribute, scope), 'Fn::GetAtt'));
  },
  'Fn::Join': (argument, scope) => {
    const [delimiter, list] = pair(argument, 'Fn::Join');
    return items(resolved(list, scope), 'Fn::Join')
      .map((item) => text(item, 'Fn::Join'))
      .join(text(resolved(delimiter, scope), 'Fn::Join'));
  },
  'Fn::Sub': (argument, scope) => {
    const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
    return substitute(text(template, 'Fn::Sub'), isRecord(variables) ? variables : {}, scope);
  },
  'Fn::Select': (argument, scope) => {
    const [index, list] = pair(argument, 'Fn::Select');
    const all = items(resolved(list, scope), 'Fn::Select');
    const at = Number(resolved(index, scope));
    const open = all.find(isOpen);
    if (open !== undefined) return `${open}[${at}]`;
    if (!(at >= 0 && at < all.length)) throw templateError(`Fn::Select cannot select nonexistent value at index ${at}`);
    return all[at];
  },
  'Fn::Split': (argument, scope) => {
    const [delimiter, source] = pair(argument, 'Fn::Split');
    const whole = text(resolved(source, scope), 'Fn::Split');
    return isOpen(whole) ? [whole] : whole.split(text(delimiter, 'Fn::Split'));
  },
  'Fn::FindInMap': (argument, scope) => {
    const [map, first, second] = items(argument, 'Fn::FindInMap').map((key) => String(resolved(key, scope)));
    const found = own(own(own(scope.template.Mappings, map ?? ''), first ?? ''), second ?? '');
    if (found === undefined) throw templateError(`Unable to get mapping for ${map}::${first}::${second}`);
    return found;
  },
  'Fn::Base64': (argument, scope) =>
    Buffer.from(text(resolved(argument, scope), 'Fn::Base64'), 'utf8').toString('base64'),
  'Fn::ImportValue': (argument, scope) => scope.importValue(text(resolved(argument, scope), 'Fn::ImportValue')),
  'Fn::GetAZs': (argument, scope) => {
    const region = String(resolved(argument, scope) || scope.pseudo['AWS::Region']);
    return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
  },
  'Fn::Cidr': (argument, scope) => {
    const [block, count, bits] = items(argument, 'Fn::Cidr').map((item) => resolved(item, scope));
    return isOpen(block) ? [block] : cidrBlocks(String(block), Number(count), Number(bits ?? 8));
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = pair(argument, 'Fn::Equals').map((side) => resolved(side, scope));
    return JSON.stringify(left) === JSON.stringify(right) || String(left) === String(right);
  },
};

const substitute = (template: string, variables: Readonly<Record<string, unknown>>, scope: Scope): string => {
  const named = (name: string): unknown => {
    if (Object.hasOwn(variables, name)) return resolved(variables[name], scope);
    if (name.startsWith('AWS::') || !name.includes('.')) return ref(name, scope);
    const [logicalId, attribute] = splitGetAtt(name);
    return scope.reference(logicalId, String(attribute));
  };
  const values = new Map(placeholders(template).map((name) => [name, text(named(name), 'Fn::Sub')]));
  return template
    .replace(/\$\{([^!}][^}]*)\}/g, (whole, name: string) => values.get(name.trim()) ?? whole)
    .replaceAll(/\$\{!([^}]*)\}/g, '${$1}');
};

const items = (value: unknown, name: string): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  if (isOpen(value)) return [value];
  throw templateError(`every ${name} object requires a list`);
};

const pair = (value: unknown, name: string): readonly [unknown, unknown] => {
  const [first, second, ...rest] = items(value, name);
  if (second === undefined || rest.length) throw templateError(`every ${name} object requires two parameters`);
  return [first, second];
};

const text = (value: unknown, name: string): string => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw templateError(`every ${name} object must hold strings, and here is ${JSON.stringify(value) ?? 'nothing'}`);
};

export const templateError = (message: string): AwsError =>
  new AwsError('ValidationError', `Template error: ${message}`);
