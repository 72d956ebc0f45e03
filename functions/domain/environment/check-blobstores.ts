import type { Blobstore } from '../application/blobstore.ts';
import { unknownName } from '../application/check-references.ts';
import { type Finding, findingAt, type Keys } from '../configuration/finding.ts';
import { bucketName } from '../template/bucket-name.ts';
import type { CheckInput } from './check-input.ts';
import type { Environment } from './environment.ts';

/** The blobstores of an application: names that S3 takes, principals that the environment knows, paths that IAM takes. */
export const checkBlobstores = (input: CheckInput): readonly Finding[] => [
  ...input.application.blobstores.flatMap((blobstore, index) => {
    const keys = ['blobstores', index];
    return [
      ...nameFindings(blobstore, keys, input),
      ...ownReference(blobstore, keys, input),
      ...grantFindings(blobstore, keys, input.environment),
    ];
  }),
  ...input.application.runtimes.flatMap(({ containers }, runtime) =>
    containers.flatMap(({ envVars }, container) =>
      envVars.flatMap(({ blobstore }, index) =>
        pathFindings(blobstore?.subPath, ['runtimes', runtime, 'containers', container, 'envVars', index]),
      ),
    ),
  ),
];

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const nameFindings = ({ name, ref }: Blobstore, keys: Keys, input: CheckInput): Finding[] => {
  if (ref?.bucketName !== undefined) return [];
  const made = bucketName(name, input);
  const at = [...keys, 'name'];
  if (made.length > 63)
    return [findingAt(at, `makes the bucket name ${made} of ${made.length} characters: S3 takes 63`)];
  return /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3|--table-s3|-)$/.test(made)
    ? [findingAt(at, `makes the bucket name ${made}, whose beginning or end S3 does not take`)]
    : [];
};

const ownReference = ({ name, ref }: Blobstore, keys: Keys, { application }: CheckInput): Finding[] =>
  ref?.application === application.name
    ? [
        findingAt(
          [...keys, 'ref', 'application'],
          `is this application itself, so nobody makes the bucket of ${name}: leave ref out`,
        ),
      ]
    : [];

const grantFindings = ({ ref, grants }: Blobstore, keys: Keys, { fullName, aws }: Environment): Finding[] => {
  const at = [...keys, 'grants'];
  if (ref && grants.length > 0)
    return [findingAt(at, 'whoever made the bucket says who may read it: write the grants there')];
  const known = (aws.grantPrincipals ?? []).map(({ name }) => name);
  return grants.flatMap(({ principal }, index) =>
    known.includes(principal)
      ? []
      : [unknownName([...at, index, 'principal'], `principal in grantPrincipals of ${fullName}`, principal, known)],
  );
};

/** In a policy these would not mean themselves. */
const pathFindings = (subPath: string | undefined, keys: Keys): Finding[] =>
  subPath !== undefined && /[*?$]/.test(subPath)
    ? [
        findingAt(
          [...keys, 'blobstore', 'subPath'],
          `"${subPath}" holds one of * ? $, which policies read as wildcards`,
        ),
      ]
    : [];
