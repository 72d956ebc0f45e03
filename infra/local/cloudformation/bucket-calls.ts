import type { SpecialCall } from './special-call.ts';

/** Those that set one property of a bucket each, made when it has changed. */
export const bucketCalls: Readonly<Record<string, SpecialCall>> = Object.fromEntries(
  Object.entries({
    BucketEncryption: 's3:PutEncryptionConfiguration',
    NotificationConfiguration: 's3:PutBucketNotification',
    OwnershipControls: 's3:PutBucketOwnershipControls',
    PublicAccessBlockConfiguration: 's3:PutBucketPublicAccessBlock',
  }).map(([property, action]): [string, SpecialCall] => [
    action,
    ({ properties, previous }, own) =>
      JSON.stringify(properties[property]) === JSON.stringify(previous?.[property])
        ? []
        : [{ action, resources: [own()] }],
  ]),
);
