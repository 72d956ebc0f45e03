import type { Stack } from '../../functions/domain/stack/stack.ts';
import type { Command } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { connect, connectionOptions } from '../connection.ts';
import { noStack } from '../no-stack.ts';
import type { OperatorPorts } from '../operator.ts';
import { type StackView, stackLines } from '../view/stack-lines.ts';

/** How many deployments of a stack are shown. */
const LAST = 5;

/** Shows stacks as they stand. */
export const status: Command = {
  name: 'status',
  says: 'shows stacks: what holds them, what waits, why one is broken, what was deployed last',
  operands: ['[STACK]'],
  options: { json: { says: 'the records themselves, as JSON' }, ...connectionOptions },
  run: async ({ operands: [name], values, switches }, output) => {
    const { ports, place } = await connect(values);
    const stacks = name === undefined ? await ports.stacks.list() : [await named(ports, name)];
    const views = await Promise.all(stacks.map((stack) => viewOf(ports, stack)));
    if (switches.has('json')) {
      output.line(JSON.stringify(views, undefined, 2));
      return 0;
    }
    if (views.length === 0) output.line(`No stack yet on ${place}: the first push that is accepted makes one.`);
    const now = Date.now();
    for (const [index, view] of views.entries()) {
      if (index > 0) output.line('');
      for (const line of stackLines(view, now, output.paint)) output.line(line);
    }
    return 0;
  },
};

const named = async (ports: OperatorPorts, name: string): Promise<Stack> => {
  const stack = await ports.stacks.find(name);
  if (!stack) throw new Complaint(await noStack(ports, name));
  return stack;
};

const viewOf = async ({ deployments }: OperatorPorts, stack: Stack): Promise<StackView> => {
  const holder = stack.current?.deploymentId;
  const newest = await deployments.listOfStack(stack.name, LAST);
  return {
    stack,
    current: holder === undefined ? undefined : await deployments.find(holder),
    last: newest.filter(({ id }) => id !== holder),
  };
};
