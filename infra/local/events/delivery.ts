import type { InvokeFunction } from '../function.ts';
import type { FunctionAllows } from '../lambda/permissions.ts';
import type { World } from '../part.ts';
import type { BusEvent } from './bus-event.ts';
import type { TargetRecord } from './rules.ts';

/** One event on its way to one target, as the store holds it until it has arrived or is given up. */
export interface Delivery {
  readonly id: string;
  readonly ruleArn: string;
  readonly target: TargetRecord;
  readonly event: BusEvent;
  readonly payload: string;
  /** How many buses the event has been forwarded over. */
  readonly hops: number;
  readonly attempt: number;
  readonly firstAtMillis: number;
  readonly dueAtMillis: number;
}

/** `retry`: it may work later; `refused`: it never will. */
export type Outcome = { readonly kind: 'arrived' } | { readonly kind: 'retry' | 'refused'; readonly reason: string };

/** Sends to a service that is neither Lambda nor EventBridge; throws when it did not arrive. */
export type SendToTarget = (targetArn: string, payload: string, roleArn?: string) => Promise<void>;

export interface DeliveryOptions {
  readonly invoke: InvokeFunction;
  readonly allowed: FunctionAllows;
  /** Throws unless the role may; asked for targets that name a role. */
  readonly authorizeRole?: (roleArn: string, action: string, resources: readonly string[]) => void;
  /** Keyed by the service in the target's ARN (`states`, `sqs`). */
  readonly others?: Readonly<Record<string, SendToTarget>>;
  /** Puts a message in a queue for a rule; gives the reason when it is not taken. */
  readonly sendToQueue?: (queueArn: string, body: string, ruleArn: string) => string | undefined;
  /** Publishes on another bus; gives the reason when that bus refuses. */
  readonly forward: (delivery: Delivery) => string | undefined;
}

/** Tries once. */
export const deliverOnce = async (world: World, options: DeliveryOptions, delivery: Delivery): Promise<Outcome> => {
  const service = delivery.target.arn.split(':')[2] ?? '';
  if (service === 'lambda') return toFunction(options, delivery);
  if (service === 'events') return toBus(options, delivery);
  if (service === 'sqs' && options.sendToQueue)
    return arrivedUnless(options.sendToQueue(delivery.target.arn, delivery.payload, delivery.ruleArn));
  const send = options.others?.[service];
  if (!send) {
    world.log(
      `events: ${delivery.ruleArn} would send to ${delivery.target.arn}, a kind of target that only is recorded`,
    );
    return { kind: 'arrived' };
  }
  return send(delivery.target.arn, delivery.payload, delivery.target.roleArn).then(
    () => ({ kind: 'arrived' }),
    (error: Error) => ({ kind: 'retry', reason: error.message }),
  );
};

const toFunction = async (
  { invoke, allowed }: DeliveryOptions,
  { target, ruleArn, payload }: Delivery,
): Promise<Outcome> => {
  if (!allowed(target.arn, 'events.amazonaws.com', ruleArn))
    return { kind: 'refused', reason: `${target.arn} has no permission for events.amazonaws.com from ${ruleArn}` };
  try {
    const { functionError, payload: answer } = await invoke(target.arn, payload);
    return functionError ? { kind: 'retry', reason: `${target.arn} failed: ${answer}` } : { kind: 'arrived' };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
    return { kind: name === 'ResourceNotFoundException' ? 'refused' : 'retry', reason: message };
  }
};

const toBus = ({ authorizeRole, forward }: DeliveryOptions, delivery: Delivery): Outcome => {
  const { arn, roleArn } = delivery.target;
  try {
    if (roleArn !== undefined) authorizeRole?.(roleArn, 'events:PutEvents', [arn]);
    return arrivedUnless(forward(delivery));
  } catch (error) {
    return { kind: 'refused', reason: error instanceof Error ? error.message : String(error) };
  }
};

const arrivedUnless = (reason: string | undefined): Outcome =>
  reason === undefined ? { kind: 'arrived' } : { kind: 'refused', reason };
