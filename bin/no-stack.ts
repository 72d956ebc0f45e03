import { nearest } from '../functions/domain/configuration/nearest.ts';
import type { Ports } from '../functions/ports.ts';

/** What to say of a stack that does not exist: the one that was probably meant, or all there are. */
export const noStack = async ({ stacks }: Pick<Ports, 'stacks'>, name: string): Promise<string> => {
  const names = (await stacks.list()).map((stack) => stack.name);
  const close = nearest(name, names);
  const known = names.length === 0 ? 'There is none yet.' : `Known: ${names.join(', ')}.`;
  return `There is no stack ${name}${close ? `; did you mean ${close}?` : '.'} ${known}`;
};
