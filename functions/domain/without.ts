/** A copy of a record without some of its optional fields. */
export const without = <T extends object, Key extends OptionalKey<T>>(record: T, ...keys: readonly Key[]): T => {
  const copy = { ...record };
  for (const key of keys) delete copy[key];
  return copy;
};

type OptionalKey<T> = { [Key in keyof T]-?: object extends Pick<T, Key> ? Key : never }[keyof T];
