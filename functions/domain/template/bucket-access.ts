import type { Blobstore } from '../application/blobstore.ts';
import type { Runtime } from '../application/runtime.ts';
import { bucketName } from './bucket-name.ts';
import type { Build } from './build.ts';
import type { RoleStatement } from './statement.ts';

/** Actions on a bucket itself; whoever reads or writes needs them. */
export const bucketActions = ['s3:GetBucketLocation', 's3:ListBucket'] as const;

/** Actions on objects. A writer also takes away what it wrote, whole or half. */
export const readActions = ['s3:GetObject'] as const;
const writeActions = ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:PutObject'] as const;

const accesses = [
  { policy: 's3-readwrite', read: true, write: true },
  { policy: 's3-read-only', read: true, write: false },
  { policy: 's3-write-only', read: false, write: true },
] as const;

/** A runtime may use the buckets that its containers name in their variables, as far as the application says. */
export const bucketStatements = (runtime: Runtime, build: Build): readonly RoleStatement[] =>
  accesses.flatMap(({ policy, read, write }) => {
    const used = usesOf(runtime, build).filter(
      ({ blobstore }) => mayRead(blobstore) === read && mayWrite(blobstore) === write,
    );
    if (used.length === 0) return [];
    const actions = [...(read ? readActions : []), ...(write ? writeActions : [])].sort();
    return [
      { policy, actions: bucketActions, resources: distinct(used.map(({ arn }) => arn)) },
      { policy, actions, resources: distinct(used.flatMap(({ objects }) => objects)) },
    ];
  });

/** ARN of a bucket: without region and account, which S3 knows none of. */
export const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;

interface Use {
  readonly blobstore: Blobstore;
  readonly arn: string;
  readonly objects: readonly string[];
}

const usesOf = ({ containers }: Runtime, build: Build): readonly Use[] =>
  containers.flatMap(({ envVars }) =>
    envVars.flatMap(({ blobstore: used }) => {
      const blobstore = build.application.blobstores.find(({ name }) => name === used?.name);
      if (!used || !blobstore) return [];
      const arn = bucketArn(bucketName(blobstore.name, build));
      return [{ blobstore, arn, objects: objectsOf(arn, used.subPath) }];
    }),
  );

/** A path may name a folder or one object. */
const objectsOf = (arn: string, subPath = ''): readonly string[] => {
  const path = subPath.replaceAll(/^\/+|\/+$/g, '');
  return path === '' ? [`${arn}/*`] : [`${arn}/${path}`, `${arn}/${path}/*`];
};

/** An own bucket is for both; of somebody else's, what is asked for, and reading when nothing is. */
const mayRead = ({ ref }: Blobstore) => !ref || ref.readPermission || !ref.writePermission;
const mayWrite = ({ ref }: Blobstore) => !ref || ref.writePermission;

const distinct = (arns: readonly string[]): readonly string[] => [...new Set(arns)].sort();
