import type * as z from 'zod';

/** A list whose items are told apart by one of their keys; a second item of one name is a fault at that key. */
export const distinct = <S extends z.ZodArray<z.ZodObject>>(key: string, list: S): S =>
  list.superRefine((items, context) => {
    const names = items.map((item) => new Map<string, unknown>(Object.entries(item)).get(key));
    for (const [index, name] of names.entries()) {
      const first = names.indexOf(name);
      if (first === index) continue;
      const message = `"${String(name)}" is declared twice (see [${first}])`;
      context.addIssue({ code: 'custom', path: [index, key], message });
    }
  });
