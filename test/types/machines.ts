// Compiled, never run: the line below each expectation must not compile.
import { defineBranch, defineStateMachine } from '../../statemachines/define.ts';
import { answering, joined } from '../../statemachines/tasks.ts';

const head = { Comment: 'a machine', TimeoutSeconds: 60 } as const;
const End = { Type: 'Succeed', Comment: 'the end' } as const;
const on = { Type: 'Pass', Comment: 'on', Next: 'End' } as const;
const astray = { ...on, Next: 'Elsewhere' } as const;
const choice = { Type: 'Choice', Comment: 'which way', Choices: [], Default: 'Elsewhere' } as const;
const caught = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Elsewhere' }] as const;
const step = { ...answering('cf-plan'), Comment: 'a step', Next: 'End' } as const;
const endless = { Type: 'Task', Comment: 'a step', Resource: 'arn', Parameters: {}, End: true } as const;
const silent = { Type: 'Succeed' } as const;

defineStateMachine({ ...head, StartAt: 'On', States: { On: on, Step: step, End } });

// @ts-expect-error Next leads nowhere
defineStateMachine({ ...head, StartAt: 'On', States: { On: astray, End } });

// @ts-expect-error StartAt names no state
defineStateMachine({ ...head, StartAt: 'Elsewhere', States: { End } });

// @ts-expect-error Default leads nowhere
defineStateMachine({ ...head, StartAt: 'Choice', States: { Choice: choice, End } });

// @ts-expect-error Catch leads nowhere
defineStateMachine({ ...head, StartAt: 'Step', States: { Step: { ...step, Catch: caught }, End } });

// @ts-expect-error a join goes to Rest when a branch failed, so its machine has to have one
defineStateMachine({ ...head, StartAt: 'Joined', States: { Joined: joined('End'), End } });

// @ts-expect-error a state without a comment
defineBranch({ StartAt: 'End', States: { End: silent } });

// @ts-expect-error a task without a timeout
defineBranch({ StartAt: 'Step', States: { Step: endless } });
