import * as z from 'zod';

/** What a schema knows beyond its shape: older spellings, and where removed keys went. */
export interface SchemaHints {
  /** Enum: the prefix of the long names, such as `ROUTE_PROTOCOL_`. */
  readonly prefix?: string;
  /** Object: deprecated key -> key that took its place. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Object: removed key -> what to use instead, as a sentence. */
  readonly removed?: Readonly<Record<string, string>>;
}

export const schemaHints = z.registry<SchemaHints>();

/** An enum that is also written with its long names. */
export const prefixedEnum = <const T extends readonly [string, ...string[]]>(prefix: string, values: T) =>
  z.enum(values).register(schemaHints, { prefix });

/** For objects of which exactly one of some keys has to be there. */
export const exactlyOneOf =
  (alternatives: readonly string[]) =>
  (value: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void => {
    const given = alternatives.filter((key) => value[key] !== undefined);
    if (given.length === 1) return;
    const found = given.length === 0 ? 'none of them' : given.join(' and ');
    context.addIssue({
      code: 'custom',
      message: `exactly one of ${alternatives.join(', ')} is expected, found ${found}`,
    });
  };
