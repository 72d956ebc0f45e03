import type { Operation } from '../../wire/service.ts';
import { neededByTemplate, onStack } from './access.ts';
import { createStack } from './create-stack.ts';
import { deleteStack, protectStack } from './delete-stack.ts';
import type { Desk } from './desk.ts';
import { cancelUpdate, continueRollback } from './roll-back.ts';
import { updateStack } from './update-stack.ts';

/** CreateStack, UpdateStack, CancelUpdateStack, ContinueUpdateRollback, UpdateTerminationProtection, DeleteStack. */
export const changeStackOperations = (desk: Desk): Readonly<Record<string, Operation>> => ({
  CreateStack: { ...neededByTemplate(desk), run: (input) => createStack(desk, input) },
  UpdateStack: { ...neededByTemplate(desk), run: (input) => updateStack(desk, input) },
  CancelUpdateStack: { ...onStack(desk), run: (input) => cancelUpdate(desk, input) },
  ContinueUpdateRollback: { ...neededByTemplate(desk), run: (input) => continueRollback(desk, input) },
  UpdateTerminationProtection: { ...onStack(desk), run: (input) => protectStack(desk, input) },
  DeleteStack: { ...neededByTemplate(desk), run: (input) => deleteStack(desk, input) },
});
