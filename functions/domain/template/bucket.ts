import type { Blobstore } from '../application/blobstore.ts';
import { bucketActions, bucketArn, readActions } from './bucket-access.ts';
import { bucketName } from './bucket-name.ts';
import { type Build, type Resources, ref } from './build.ts';
import { logicalIds } from './names.ts';
import { onlyOverTls } from './tls-statement.ts';

/** A bucket of the application's own: it outlives the stack; a failed creation leaves nothing. Others' are not made. */
export const bucket = (blobstore: Blobstore, build: Build): Resources => {
  if (blobstore.ref) return {};
  const name = bucketName(blobstore.name, build);
  const id = logicalIds.bucket(blobstore.name, build.hash);
  return {
    [id]: {
      Type: 'AWS::S3::Bucket',
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketName: name,
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        // Whatever somebody else writes into it belongs to its owner.
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        ...(blobstore.emitEvents && {
          NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
        }),
      },
    },
    [logicalIds.bucketPolicy(blobstore.name, build.hash)]: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: ref(id),
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            onlyOverTls('s3:*', [bucketArn(name), `${bucketArn(name)}/*`]),
            ...grantStatements(blobstore, bucketArn(name), build),
          ],
        },
      },
    },
  };
};

/** Principals that the application grants a bucket to may read it. */
const grantStatements = ({ grants }: Blobstore, arn: string, { environment }: Build) => {
  const known = environment.aws.grantPrincipals ?? [];
  const arns = grants.map(({ principal }) => {
    const found = known.find(({ name }) => name === principal);
    if (!found) throw new Error(`${environment.fullName} has no principal ${principal}: check it first`);
    return found.arn;
  });
  if (arns.length === 0) return [];
  const Principal = { AWS: [...new Set(arns)].sort() };
  return [
    { Effect: 'Allow', Principal, Action: bucketActions, Resource: arn },
    { Effect: 'Allow', Principal, Action: readActions, Resource: `${arn}/*` },
  ];
};
