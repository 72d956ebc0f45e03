import fc from 'fast-check';

const anyOf = (known: readonly string[], short: RegExp, long: RegExp) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...known) },
    { weight: 3, arbitrary: fc.stringMatching(short) },
    { weight: 1, arbitrary: fc.stringMatching(long) },
  );

/** Names that a careless rule makes one: they differ by case, by dash and underscore, or by the places of these. */
const alike = ['a-b', 'a_b', 'aB', 'ab', 'AB', 'A-b', 'a--b', 'a-b-', 'b'];

/** Containers, databases, secrets and what an environment calls its things. */
export const partNames = anyOf(alike, /^[A-Za-z0-9][A-Za-z0-9_-]{0,7}$/, /^[A-Za-z0-9][A-Za-z0-9_-]{58,62}$/);

/** Runtimes and applications; some spell what an id puts before or behind another name. */
export const shortNames = anyOf(
  ['main', 'ab', 'abb', 'policymain', 'mainp8080', 'mainassume', 'maindeadletters'],
  /^[a-z][a-z0-9]{1,7}$/,
  /^[a-z][a-z0-9]{52,62}$/,
);

/** Environments: `a` with the application `b-c` would be the stack of `a-b` with `c`, were dashes allowed in both. */
export const dashedNames = anyOf(
  ['prod', 'a-b', 'ab', 'a--b', 'eu-prod'],
  /^[a-z][a-z0-9-]{0,6}[a-z0-9]$/,
  /^[a-z][a-z0-9-]{50,60}[a-z0-9]$/,
);

export const blobstoreNames = anyOf(
  ['a-b', 'a--b', 'ab', 'images'],
  /^[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?$/,
  /^[a-z0-9]{20,24}$/,
);
