import { resumeStack } from '../../functions/operations/resume-stack.ts';
import { actorOf, actorOption } from '../actor.ts';
import type { Command } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { connect, connectionOptions } from '../connection.ts';
import { noStack } from '../no-stack.ts';

/** Frees a broken stack. */
export const resume: Command = {
  name: 'resume',
  says: 'frees a BROKEN stack after you have looked at it; what waits in its queue goes on',
  operands: ['STACK'],
  options: { actor: actorOption, ...connectionOptions },
  run: async ({ operands: [stackName = ''], values }, output) => {
    const { ports } = await connect(values);
    if (!(await ports.stacks.find(stackName))) throw new Complaint(await noStack(ports, stackName));
    const resumed = await resumeStack(ports, { stackName, actor: actorOf(values) });
    if (resumed.kind === 'refused') throw new Complaint(`${resumed.reason}. Nothing was changed.`);
    const stack = await ports.stacks.find(stackName);
    const next = stack?.current ? `${stack.current.deploymentId} runs` : 'nothing was queued';
    output.line(`${stackName} is ${stack?.status ?? 'gone'}: ${next}.`);
    return 0;
  },
};
