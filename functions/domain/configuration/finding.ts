/** Where something stands in a configuration: keys of mappings and indexes of lists, from the top. */
export type Keys = readonly (string | number)[];

/** One thing that is wrong with a configuration, in words for its author. */
export interface Finding {
  readonly keys: Keys;
  /** Whether the key itself is at fault or what stands under it. */
  readonly at: 'key' | 'value';
  readonly message: string;
  /** The known word that was probably meant. */
  readonly nearest?: string;
}

export const findingAt = (keys: Keys, message: string, nearest?: string): Finding => ({
  keys,
  at: 'value',
  message,
  ...(nearest === undefined ? {} : { nearest }),
});

/** Keys as people write them: `runtimes[0].routes[1].foo`. */
export const keyPath = (keys: Keys): string =>
  keys.reduce<string>((path, key) => path + segment(key, path === ''), '') || '(top)';

const segment = (key: string | number, first: boolean) => {
  if (typeof key === 'number') return `[${key}]`;
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `[${JSON.stringify(key)}]`;
  return first ? key : `.${key}`;
};
