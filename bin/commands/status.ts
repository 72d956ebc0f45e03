import { blocked } from '../../functions/domain/stack/blocked.ts';
import type { Stack } from '../../functions/domain/stack/stack.ts';
import type { Command } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { connect, connectionOptions } from '../connection.ts';
import { imageWaits } from '../image-waits.ts';
import { noStack } from '../no-stack.ts';
import type { OperatorPorts } from '../operator.ts';
import type { Output } from '../output.ts';
import { type ImageWait, type StackView, stackLines, waitLine } from '../view/stack-lines.ts';
import { viewOf } from '../view-of.ts';

/** Shows stacks as they stand. */
export const status: Command = {
  name: 'status',
  says: 'shows stacks: what holds them, what waits for what, why one is broken, what was deployed last',
  operands: ['[STACK]'],
  options: { json: { says: 'the records themselves, as JSON' }, ...connectionOptions },
  run: async ({ operands: [name], values, switches }, output) => {
    const { ports, place } = await connect(values);
    const stacks = name === undefined ? await ports.stacks.list() : [await named(ports, name)];
    const waits = await imageWaits(ports);
    const of = (stackName: string) => waits.filter((wait) => wait.stackName === stackName);
    const views = await Promise.all(
      stacks.map(async (stack) => ({ ...(await viewOf(ports, stack)), waits: of(stack.name) })),
    );
    // A first release has no stack before it is accepted.
    const others =
      name === undefined ? waits.filter((wait) => !stacks.some((stack) => stack.name === wait.stackName)) : [];
    if (switches.has('json')) {
      const known = views.map((view) => ({ ...view, blocked: blocked(view.stack, view.current) }));
      output.line(JSON.stringify([...known, ...others.map(newStack)], undefined, 2));
      return 0;
    }
    if (views.length + others.length === 0)
      output.line(`No stack yet on ${place}: the first push that is accepted makes one.`);
    show(views, others, output);
    return 0;
  },
};

const newStack = (wait: ImageWait) => ({ stack: null, waits: [wait] });

const show = (views: readonly StackView[], others: readonly ImageWait[], output: Output): void => {
  const now = Date.now();
  const blocks = [
    ...views.map((view) => stackLines(view, now, output.paint)),
    ...others.map((wait) => [`${output.paint('strong', wait.stackName)}  no stack yet`, `  ${waitLine(wait, now)}`]),
  ];
  for (const line of blocks.flatMap((lines, index) => (index > 0 ? ['', ...lines] : lines))) output.line(line);
};

const named = async (ports: OperatorPorts, name: string): Promise<Stack> => {
  const stack = await ports.stacks.find(name);
  if (!stack) throw new Complaint(await noStack(ports, name));
  return stack;
};
