import { sameJson } from '../data/json.ts';
import { count, integer, list } from './arguments.ts';
import type { Intrinsic } from './evaluate.ts';

const LONGEST_RANGE = 1000;

/** https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html#asl-intrsc-func-arrays */
export const arrayFunctions: Readonly<Record<string, Intrinsic>> = {
  'States.Array': (args) => args,

  'States.ArrayPartition': (args) => {
    const [whole, size] = count(args, 2);
    const items = list(whole);
    const length = integer(size);
    if (length < 1) throw new Error('the size of a part must be positive');
    return Array.from({ length: Math.ceil(items.length / length) }, (_, part) =>
      items.slice(part * length, (part + 1) * length),
    );
  },

  'States.ArrayContains': (args) => {
    const [whole, wanted] = count(args, 2);
    return list(whole).some((item) => sameJson(item, wanted ?? null));
  },

  'States.ArrayRange': (args) => {
    const [first = 0, last = 0, step = 0] = count(args, 3).map(integer);
    if (step === 0) throw new Error('the step must not be 0');
    const length = Math.max(Math.floor((last - first) / step) + 1, 0);
    if (length > LONGEST_RANGE) throw new Error(`it makes at most ${LONGEST_RANGE} items, not ${length}`);
    return Array.from({ length }, (_, index) => first + index * step);
  },

  'States.ArrayGetItem': (args) => {
    const [whole, index] = count(args, 2);
    const items = list(whole);
    const place = integer(index);
    const item = place < 0 ? undefined : items[place];
    if (item === undefined) throw new Error(`there is no item ${place} in an array of ${items.length}`);
    return item;
  },

  'States.ArrayLength': (args) => list(count(args, 1)[0]).length,

  'States.ArrayUnique': (args) =>
    list(count(args, 1)[0]).filter((item, index, all) => all.findIndex((other) => sameJson(item, other)) === index),
};
