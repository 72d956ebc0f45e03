import { getStage } from '../infra/aws/get-stage.ts';
import type { Stage } from '../infra/aws/stage.ts';
import { Complaint } from './complaint.ts';
import { messageOf } from './message-of.ts';

/** @throws Complaint that names the known stages, or what is wrong in their file */
export const stageNamed = (name: string): Stage => {
  try {
    return getStage(name);
  } catch (error) {
    throw new Complaint(messageOf(error), { cause: error });
  }
};
