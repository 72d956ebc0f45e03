import { createHash } from 'node:crypto';
import { parseJson } from '../data/json.ts';
import { count, object, text } from './arguments.ts';
import type { Intrinsic } from './evaluate.ts';

const LONGEST_TEXT = 10_000;

const algorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

const short = (value: string): string => {
  if (value.length > LONGEST_TEXT) throw new Error(`it takes at most ${LONGEST_TEXT} characters`);
  return value;
};

/** JSON, encodings, hashes and strings: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
export const documentFunctions: Readonly<Record<string, Intrinsic>> = {
  // AWS answers null to a blank string
  'States.StringToJson': (args) => {
    const source = text(count(args, 1)[0]);
    return source.trim() === '' ? null : parseJson(source);
  },

  'States.JsonToString': (args) => JSON.stringify(count(args, 1)[0]),

  'States.JsonMerge': (args) => {
    const [first, second, deep] = count(args, 3);
    if (deep !== false) throw new Error('the third argument must be false: deep merging does not exist');
    return { ...object(first), ...object(second) };
  },

  'States.Base64Encode': (args) => Buffer.from(short(text(count(args, 1)[0])), 'utf8').toString('base64'),

  'States.Base64Decode': (args) => {
    const encoded = short(text(count(args, 1)[0]));
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) throw new Error('it wants Base64');
    return Buffer.from(encoded, 'base64').toString('utf8');
  },

  'States.Hash': (args) => {
    const [data, name] = count(args, 2);
    const algorithm = algorithms[text(name)];
    if (!algorithm) throw new Error(`it knows the algorithms ${Object.keys(algorithms).join(', ')}`);
    const source = short(typeof data === 'string' ? data : JSON.stringify(data));
    return createHash(algorithm).update(source).digest('hex');
  },

  // every character of the second argument separates; empty parts are left out
  'States.StringSplit': (args) => {
    const [source, separators] = count(args, 2).map(text);
    const parts: string[] = [];
    let part = '';
    for (const character of `${source}`) {
      if (!separators?.includes(character)) part += character;
      else {
        parts.push(part);
        part = '';
      }
    }
    return [...parts, part].filter((piece) => piece !== '');
  },
};
