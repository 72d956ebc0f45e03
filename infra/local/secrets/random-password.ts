import { randomInt } from 'node:crypto';
import { AwsError } from '../wire/service.ts';

/** The options of GetRandomPassword and of GenerateSecretString; templates may hold booleans and numbers as text. */
export interface PasswordOptions {
  readonly PasswordLength?: unknown;
  readonly ExcludeCharacters?: unknown;
  readonly ExcludePunctuation?: unknown;
  readonly ExcludeUppercase?: unknown;
  readonly ExcludeLowercase?: unknown;
  readonly ExcludeNumbers?: unknown;
  readonly IncludeSpace?: unknown;
  readonly RequireEachIncludedType?: unknown;
}

/**
 * A password as GetRandomPassword makes it: 32 characters, one of each type at least, unless told otherwise.
 * @throws AwsError when the options leave nothing to choose from
 */
export const randomPassword = (options: PasswordOptions): string => {
  const excluded = String(options.ExcludeCharacters ?? '');
  const alphabets = TYPES.filter(({ exclude }) => !isTrue(options[exclude]))
    .map(({ characters }): string => characters)
    .concat(isTrue(options.IncludeSpace) ? [' '] : [])
    .map((characters) => [...characters].filter((character) => !excluded.includes(character)))
    .filter((characters) => characters.length > 0);
  const length = Number(options.PasswordLength ?? 32);
  const needsEach = isTrue(options.RequireEachIncludedType ?? true);
  if (alphabets.length === 0 || !(length >= 1 && length <= 4096) || (needsEach && length < alphabets.length))
    throw new AwsError('InvalidParameterException', 'The password options leave no password to choose.');
  const first = needsEach ? alphabets.map(pick) : [];
  const rest = Array.from({ length: length - first.length }, () => pick(alphabets.flat()));
  return shuffled([...first, ...rest]).join('');
};

const TYPES = [
  { exclude: 'ExcludeLowercase', characters: 'abcdefghijklmnopqrstuvwxyz' },
  { exclude: 'ExcludeUppercase', characters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
  { exclude: 'ExcludeNumbers', characters: '0123456789' },
  { exclude: 'ExcludePunctuation', characters: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~' },
] as const;

const isTrue = (value: unknown): boolean => String(value) === 'true';

const pick = (characters: readonly string[]): string => characters[randomInt(characters.length)] ?? '';

const shuffled = (characters: readonly string[]): string[] => {
  const left = [...characters];
  return characters.flatMap(() => left.splice(randomInt(left.length), 1));
};
