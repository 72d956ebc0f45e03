import { generatedName } from '../generated-name.ts';
import type { Part, Properties, Resource, ResourceRequest, World } from '../part.ts';
import { AwsError, type Input } from '../wire/service.ts';
import type { Buckets } from './buckets.ts';

/** Buckets and bucket policies of templates. */
export const bucketResources = (world: World, buckets: Buckets): NonNullable<Part['resources']> => {
  const policies = world.store.table<unknown>('s3.policies');
  const resource = (name: string): Resource => ({
    physicalId: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${world.region}.amazonaws.com`,
      DualStackDomainName: `${name}.s3.dualstack.${world.region}.amazonaws.com`,
      WebsiteURL: `http://${name}.s3-website-${world.region}.amazonaws.com`,
    },
  });
  const recordPolicy = async ({ properties }: ResourceRequest): Promise<Resource> => {
    const bucket = String(properties['Bucket']);
    if (!buckets.find(bucket)) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
    policies.put(bucket, properties['PolicyDocument']);
    return { physicalId: bucket, attributes: {} };
  };
  return {
    'AWS::S3::Bucket': {
      create: async (request) => {
        const name = bucketName(request);
        const existing = buckets.find(name);
        if (existing && existing.seed !== request.seed)
          throw new AwsError('AlreadyExists', `${name} already exists`, 409);
        if (!existing) buckets.create(name, request.seed);
        buckets.notify(name, notifies(request.properties));
        return resource(name);
      },
      update: async ({ physicalId, properties }) => {
        buckets.notify(physicalId, notifies(properties));
        return resource(physicalId);
      },
      delete: async ({ physicalId }) => buckets.delete(physicalId),
      importing: {
        identifier: ['BucketName'],
        find: async ({ BucketName = '' }) => (buckets.find(BucketName) ? resource(BucketName) : undefined),
      },
    },
    'AWS::S3::BucketPolicy': {
      create: recordPolicy,
      update: recordPolicy,
      delete: async ({ physicalId }) => policies.delete(physicalId),
    },
  };
};

const bucketName = (request: ResourceRequest): string => {
  const given = request.properties['BucketName'];
  return typeof given === 'string' ? given : generatedName(request, 63).toLowerCase();
};

/** `EventBridgeEnabled` is true when its block is there and does not say otherwise. */
const notifies = ({ NotificationConfiguration }: Properties): boolean => {
  const { EventBridgeConfiguration }: Input = NotificationConfiguration ?? {};
  return (
    EventBridgeConfiguration !== undefined && String(EventBridgeConfiguration.EventBridgeEnabled ?? true) === 'true'
  );
};
