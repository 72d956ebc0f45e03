import { oneOrMore, statementsOf, verdictOf } from '../iam/policy.ts';
import type { Part, World } from '../part.ts';
import { queueResources } from './queue-resources.ts';
import { queuesOf } from './queues.ts';
import { sqsService } from './sqs-service.ts';

export interface Sqs {
  /**
   * Puts a message in a queue for a service (`events.amazonaws.com`) that acts for a source, such as a rule. Gives the
   * reason when there is no such queue or its policy does not admit that.
   */
  sendFor(service: string, sourceArn: string, queueArn: string, body: string): string | undefined;
}

/** Simple Queue Service: queues of templates, filled by rules, read over the wire. */
export const createSqs = (world: World): Part & Sqs => {
  const queues = queuesOf(world);

  const admits = (name: string, service: string, sourceArn: string): boolean => {
    const policy = queues.policies.get(name);
    const named = (policy ? statementsOf(policy) : []).filter(
      ({ Principal }) => Principal === '*' || oneOrMore(Principal?.['Service']).includes(service),
    );
    const context = { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': world.account };
    const question = { action: 'sqs:SendMessage', resource: queues.arnOf(name), context };
    return verdictOf([{ Statement: named }], question) === 'allow';
  };

  return {
    sendFor: (service, sourceArn, queueArn, body) => {
      const name = queues.nameOf(queueArn);
      if (!queues.queues.get(name)) return `there is no queue ${queueArn}`;
      if (!admits(name, service, sourceArn)) return `${queueArn} has no policy that admits ${service} for ${sourceArn}`;
      queues.send(name, body);
      return undefined;
    },
    services: [sqsService(queues)],
    resources: queueResources(world, queues),
  };
};
