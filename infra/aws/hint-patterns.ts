import type { EventPattern } from 'aws-cdk-lib/aws-events';
import { probeDetailType, probeSource } from '../../functions/domain/doctor-probe.ts';

/**
 * The events that can end a wait, and no others: a stack that has come to rest, a task that has stopped, an image that has
 * arrived. What functions/domain/aws-event.ts would not take for a hint of an end is not delivered to be looked at. Beside them
 * the event by which `slipway doctor` finds out whether the others would arrive: it goes the same way.
 */
export const hintPatterns: Readonly<Record<'Stack' | 'Task' | 'Image' | 'Doctor', EventPattern>> = {
  Stack: {
    source: ['aws.cloudformation'],
    detailType: ['CloudFormation Stack Status Change'],
    detail: { 'status-details': { status: [{ suffix: '_COMPLETE' }, { suffix: '_FAILED' }, 'REVIEW_IN_PROGRESS'] } },
  },
  Task: {
    source: ['aws.ecs'],
    detailType: ['ECS Task State Change'],
    detail: { lastStatus: ['STOPPED'] },
  },
  Image: {
    source: ['aws.ecr'],
    detailType: ['ECR Image Action'],
    detail: { 'action-type': ['PUSH'], result: ['SUCCESS'] },
  },
  Doctor: { source: [probeSource], detailType: [probeDetailType] },
};
