import { sameJson } from '../../functions/domain/same-json.ts';

/** One place where two documents differ; a side that has nothing there is left out. */
export interface ValueChange {
  /** Such as `ContainerDefinitions[main].Memory`; empty for the whole. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Where two JSON values differ, as deep as their shapes agree. Empty for equal ones, never for different ones. */
export const valueChanges = (before: unknown, after: unknown, path = ''): readonly ValueChange[] => {
  if (sameJson(before, after)) return [];
  const deeper = within(before, after, path);
  // Lists that hold the same by name may still stand in another order.
  return deeper.length > 0 ? deeper : [whole(before, after, path)];
};

const whole = (before: unknown, after: unknown, path: string): ValueChange => ({
  path,
  ...(before !== undefined && { before }),
  ...(after !== undefined && { after }),
});

const within = (before: unknown, after: unknown, path: string): readonly ValueChange[] => {
  if (isMapping(before) && isMapping(after)) {
    if (isIntrinsic(before) || isIntrinsic(after)) return [];
    return each(before, after, (key) => (path === '' ? key : `${path}.${key}`));
  }
  if (!Array.isArray(before) || !Array.isArray(after)) return [];
  const key = identityKeys.find((one) => isNamed(before, one) && isNamed(after, one));
  if (key !== undefined) return each(byKey(before, key), byKey(after, key), (name) => `${path}[${name}]`);
  if (![...before, ...after].every(isMapping)) return [];
  return each({ ...before }, { ...after }, (index) => `${path}[${index}]`);
};

type Mapping = Readonly<Record<string, unknown>>;

const each = (before: Mapping, after: Mapping, pathOf: (key: string) => string): readonly ValueChange[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .flatMap((key) => valueChanges(own(before, key), own(after, key), pathOf(key)));

const own = (mapping: Mapping, key: string): unknown => (Object.hasOwn(mapping, key) ? mapping[key] : undefined);

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `{Ref: ...}` and its like are one value. */
const isIntrinsic = (value: Mapping): boolean => {
  const [key = '', other] = Object.keys(value);
  return other === undefined && (key === 'Ref' || key.startsWith('Fn::'));
};

/** What CloudFormation calls the name of an item, the more telling one first. */
const identityKeys = ['Name', 'PolicyName', 'Sid', 'Id', 'Key', 'name', 'key'] as const;

const isNamed = (items: readonly unknown[], key: string): boolean => {
  const names = items.map((item) => (isMapping(item) ? own(item, key) : undefined));
  return names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
};

const byKey = (items: readonly unknown[], key: string): Mapping =>
  Object.fromEntries(items.filter(isMapping).map((item) => [String(item[key]), item]));
