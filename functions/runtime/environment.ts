/**
 * Reads variables by name.
 * @throws Error that names every missing variable at once.
 */
export const requiredVariables = <const Keys extends readonly string[]>(
  environment: Readonly<Record<string, string | undefined>>,
  keys: Keys,
): { readonly [K in Keys[number]]: string } => {
  const missing = keys.filter((key) => !environment[key]);
  if (missing.length > 0) throw new Error(`These environment variables are missing: ${missing.join(', ')}`);
  return Object.fromEntries(keys.map((key) => [key, environment[key]])) as { readonly [K in Keys[number]]: string };
};
