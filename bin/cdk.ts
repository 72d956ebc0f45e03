import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { controlStackName, documentsBucketName } from '../infra/aws/names.ts';
import type { Stage } from '../infra/aws/stage.ts';
import { type CdkCall, cdkCallFrom } from './cdk/cdk-call.ts';
import { emptyBucket } from './cdk/empty-bucket.ts';
import { forgetVersions } from './cdk/forget-versions.ts';
import { remains } from './cdk/remains.ts';
import { COMPILED } from './compile-cache.ts';
import { ROOT } from './local/synthesise.ts';
import { messageOf } from './message-of.ts';

// `npm run deploy -- --stage production` and its sisters: CDK's own command line, for one stage of infra/aws/stages.ts,
// with its own questions, output and exit code.
const say = (line: string) => process.stderr.write(`${line}\n`);

const carryOut = async (call: CdkCall): Promise<number> => {
  if (call.kind === 'wrong') {
    say(call.message);
    return 2;
  }
  if (call.verb === 'destroy' && !(await isEmptied(call.stage))) return 1;
  const code = await run(call.words);
  if (call.verb === 'deploy' && code === 0) await tidy(call.stage);
  if (call.verb === 'destroy' && code === 0) for (const line of remains(call.assembly, call.stage)) say(line);
  return code;
};

/** What earlier deployments left for executions that ran. Nothing depends on it: the next deployment tries again. */
const tidy = async ({ region }: Stage) => {
  const clients = {
    cloudFormation: new CloudFormationClient({ region }),
    lambda: new LambdaClient({ region }),
    states: new SFNClient({ region }),
  };
  try {
    const count = await forgetVersions(clients, { stackName: controlStackName, nowMillis: Date.now() });
    if (count > 0) say(`Deleted ${count} versions of functions and machines that no execution can call any more`);
  } catch (error) {
    say(`The deployment is complete; old versions of its functions were not deleted. ${messageOf(error)}`);
  }
};

/** What is retained keeps its documents; of everything else CloudFormation would delete all but the bucket. */
const isEmptied = async (stage: Stage): Promise<boolean> => {
  if (stage.retain) return true;
  const bucket = documentsBucketName(stage);
  try {
    const count = await emptyBucket(new S3Client({ region: stage.region }), bucket);
    if (count > 0) say(`Deleted ${count} documents from s3://${bucket}`);
    return true;
  } catch (error) {
    say(`Nothing was destroyed: s3://${bucket} cannot be emptied. ${messageOf(error)}`);
    return false;
  }
};

/** An interruption reaches the child as well, which ends in its own way; its end is ours. */
const run = (words: readonly string[]): Promise<number> => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/aws-cdk/bin/cdk'), ...words], {
    cwd: ROOT,
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
};

process.exitCode = await carryOut(cdkCallFrom(process.argv.slice(2), process.env));
