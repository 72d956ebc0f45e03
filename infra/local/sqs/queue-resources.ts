import { generatedName } from '../generated-name.ts';
import { policyFrom } from '../iam/policy.ts';
import type { Properties, Resource, ResourceProvider, ResourceRequest, World } from '../part.ts';
import { AwsError, type Input } from '../wire/service.ts';
import type { QueueRecord, Queues } from './queues.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const VISIBILITY_SECONDS = 30;
const QUEUE_NAME = /^(?=.{1,80}$)[\w-]+(\.fifo)?$/;

/** AWS::SQS::Queue and AWS::SQS::QueuePolicy. */
export const queueResources = (world: World, queues: Queues): Readonly<Record<string, ResourceProvider>> => ({
  'AWS::SQS::Queue': queueProvider(world, queues),
  'AWS::SQS::QueuePolicy': policyProvider(queues),
});

const queueProvider = (world: World, queues: Queues): ResourceProvider => {
  const save = (name: string, { properties, seed }: Pick<ResourceRequest, 'properties' | 'seed'>): Resource => {
    const known = queues.queues.get(name);
    queues.queues.put(name, {
      name,
      seed: known?.seed ?? seed,
      visibilityTimeoutSeconds: Number(properties['VisibilityTimeout'] ?? VISIBILITY_SECONDS),
      ...redriveFrom(queues, properties),
      createdAtMillis: known?.createdAtMillis ?? world.clock.now(),
    });
    const QueueUrl = queues.urlOf(name);
    return { physicalId: QueueUrl, attributes: { Arn: queues.arnOf(name), QueueName: name, QueueUrl } };
  };
  return {
    create: async (request) => {
      const name = nameFrom(request);
      if (!QUEUE_NAME.test(name))
        throw new AwsError(
          'InvalidParameterValue',
          `Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length: ${name}`,
        );
      if ((queues.queues.get(name)?.seed ?? request.seed) !== request.seed)
        throw new AwsError(
          'AlreadyExists',
          `Resource of type 'AWS::SQS::Queue' with identifier '${name}' already exists.`,
        );
      return save(name, request);
    },
    update: async (request) => save(queues.nameOf(request.physicalId), request),
    delete: async ({ physicalId }) => queues.remove(queues.nameOf(physicalId)),
  };
};

const nameFrom = (request: ResourceRequest): string => {
  const { QueueName, FifoQueue = false } = request.properties;
  if (QueueName !== undefined) return String(QueueName);
  return `${generatedName(request, 75)}${String(FifoQueue) === 'true' ? '.fifo' : ''}`;
};

const redriveFrom = (queues: Queues, properties: Properties): Pick<QueueRecord, 'redrive'> => {
  const given = properties['RedrivePolicy'];
  if (given === undefined) return {};
  const { deadLetterTargetArn, maxReceiveCount }: Input = typeof given === 'string' ? JSON.parse(given) : given;
  const queueName = queues.nameOf(String(deadLetterTargetArn));
  if (!queues.queues.get(queueName))
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${JSON.stringify(given)} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
    );
  return { redrive: { queueName, maxReceiveCount: Number(maxReceiveCount) } };
};

/** A queue has one policy: the one that was written last. */
const policyProvider = (queues: Queues): ResourceProvider => {
  const namesIn = (properties: Properties) =>
    (properties['Queues'] as readonly unknown[]).map((url) => queues.nameOf(String(url)));
  const write = (properties: Properties) => {
    const policy = policyFrom(properties['PolicyDocument'], 'identity');
    for (const name of namesIn(properties)) queues.policies.put(queues.get(name).name, policy);
  };
  const shown = (physicalId: string): Resource => ({ physicalId, attributes: { Id: physicalId } });
  return {
    create: async (request) => {
      write(request.properties);
      return shown(generatedName(request, 255));
    },
    update: async ({ physicalId, properties, previous }) => {
      write(properties);
      const kept = new Set(namesIn(properties));
      for (const name of namesIn(previous)) if (!kept.has(name)) queues.policies.delete(name);
      return shown(physicalId);
    },
    delete: async ({ properties }) => {
      for (const name of namesIn(properties)) queues.policies.delete(name);
    },
  };
};
