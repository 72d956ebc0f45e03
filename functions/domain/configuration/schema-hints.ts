import * as z from 'zod';

/** What a schema knows beyond its shape: older spellings, where removed keys went, and whose a key is. */
export interface SchemaHints {
  /** Enum: the prefix of the long names, such as `ROUTE_PROTOCOL_`. */
  readonly prefix?: string;
  /** Object: deprecated key -> key that took its place. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Object: removed key -> what to use instead, as a sentence. */
  readonly removed?: Readonly<Record<string, string>>;
  /** Object: exactly one of these keys is given. */
  readonly exactlyOneOf?: readonly string[];
  /** The original deployer does not know it. */
  readonly own?: true;
}

export const schemaHints = z.registry<SchemaHints>();

/** A key of Slipway's own, with its meaning. */
export const own = <S extends z.ZodType>(schema: S, meaning: string): S => {
  const described = schema.describe(meaning);
  schemaHints.add(described, { own: true });
  return described;
};

/** An enum that is also written with its long names. */
export const prefixedEnum = <const T extends readonly [string, ...string[]]>(prefix: string, values: T) =>
  z.enum(values).register(schemaHints, { prefix });

/** An object of which exactly one of some keys has to be there. */
export const exactlyOneOf = <S extends z.ZodObject>(alternatives: readonly string[], schema: S): S => {
  const refined = schema.superRefine((value, context) => {
    const under = new Map<string, unknown>(Object.entries(value));
    const given = alternatives.filter((key) => under.get(key) !== undefined);
    if (given.length === 1) return;
    const found = given.length === 0 ? 'none of them' : given.join(' and ');
    context.addIssue({
      code: 'custom',
      message: `exactly one of ${alternatives.join(', ')} is expected, found ${found}`,
    });
  });
  schemaHints.add(refined, { exactlyOneOf: alternatives });
  return refined;
};
