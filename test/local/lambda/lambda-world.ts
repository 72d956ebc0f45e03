import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createIam } from '../../../infra/local/iam/iam.ts';
import { createLambda, type LambdaOptions } from '../../../infra/local/lambda/lambda.ts';
import { create, startedFront, testWorld } from '../test-world.ts';

const LAMBDA_TRUST = {
  Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
};

/** IAM and Lambda behind a front, with assets from a folder of the test's own. */
export const lambdaWorld = async (run: LambdaOptions['run'], given: Parameters<typeof testWorld>[0] = {}) => {
  const world = testWorld(given);
  const iam = createIam(world);
  const assets = mkdtempSync(join(tmpdir(), 'slipway-lambda-'));
  const logs: { group: string; stream: string; line: string }[] = [];
  let endpoint = '';
  const lambda = createLambda(world, {
    endpoint: () => endpoint,
    iam,
    assetPath: (bucket, key) => (bucket === 'assets' ? join(assets, key) : undefined),
    appendLog: (group, stream, lines) => logs.push(...lines.map((line) => ({ group, stream, line }))),
    environment: { EXTRA: 'for all' },
    run,
  });
  const front = await startedFront(iam, [lambda]);
  endpoint = front.url;
  await lambda.start?.();
  return {
    world,
    iam,
    lambda,
    front,
    logs,
    assets,
    /** Writes files of an asset; names without a folder lie at its top. */
    asset: (key: string, files: Readonly<Record<string, string>>) => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(assets, key, name)), { recursive: true });
        writeFileSync(join(assets, key, name), text);
      }
    },
    /** Makes a role and a function of the same name. */
    make: async (name: string, properties: object = {}, policies: object[] = []) => {
      const role = await create(iam, 'AWS::IAM::Role', `${name}Role`, {
        RoleName: `${name}-role`,
        AssumeRolePolicyDocument: LAMBDA_TRUST,
        Policies: policies.map((Statement, index) => ({ PolicyName: `p${index}`, PolicyDocument: { Statement } })),
      });
      return create(lambda, 'AWS::Lambda::Function', name, {
        FunctionName: name,
        Runtime: 'nodejs24.x',
        Handler: 'main.handler',
        Code: { S3Bucket: 'assets', S3Key: 'code' },
        Role: role.attributes['Arn'],
        ...properties,
      });
    },
    close: async () => {
      await lambda.stop?.();
      await front.close();
      rmSync(assets, { recursive: true, force: true });
    },
  };
};

export type LambdaWorld = Awaited<ReturnType<typeof lambdaWorld>>;
