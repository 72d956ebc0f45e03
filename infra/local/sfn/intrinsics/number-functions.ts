import { seededRandom, uuidFrom } from '../seed.ts';
import { count, integer } from './arguments.ts';
import type { Intrinsic } from './evaluate.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html#asl-intrsc-func-math-operations */
export const numberFunctions: Readonly<Record<string, Intrinsic>> = {
  // from the first number to the second, the second left out; a third is a seed
  'States.MathRandom': (args, scene) => {
    const [from = 0, to = 0, seed] = count(args, 2, 3).map(integer);
    if (to <= from) throw new Error('the end must be greater than the start');
    const random = seed === undefined ? scene.random() : seededRandom(`MathRandom ${seed}`);
    return from + Math.floor(random * (to - from));
  },

  'States.MathAdd': (args) => {
    const [a = 0, b = 0] = count(args, 2).map(integer);
    return a + b;
  },

  'States.UUID': (args, scene) => {
    count(args, 0);
    return uuidFrom(`UUID ${scene.random()}`);
  },
};
