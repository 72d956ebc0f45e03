import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Stage } from './stage.ts';

/** Who read and wrote which document, as S3 tells it hours later; free but for the room it takes. */
export const accessLogsIn = (scope: Construct, { retain }: Stage): IBucket =>
  new Bucket(scope, 'AccessLogs', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    lifecycleRules: [{ id: 'logs', expiration: Duration.days(90) }],
    removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  }) as IBucket; // The class is looser than its own interface under exactOptionalPropertyTypes.
