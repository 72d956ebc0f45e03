import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Balancer, createBalancer } from './balancer/balancer.ts';
import type { Clock } from './clock.ts';
import { type CloudFormation, createCloudFormation } from './cloudformation/cloudformation.ts';
import { createDynamodb } from './dynamodb/dynamodb.ts';
import { createEcs, type Ecs } from './ecs/ecs.ts';
import { createEvents, type Events } from './events/events.ts';
import { createGateway, type Gateway } from './gateway/gateway.ts';
import { createIam, type IamOptions } from './iam/iam.ts';
import type { ImageSource } from './images/image-source.ts';
import { createImages, type Images } from './images/images.ts';
import { createLambda, type Lambda, type LambdaOptions } from './lambda/lambda.ts';
import { unpackedCode } from './lambda/unpacked-code.ts';
import { createLogs } from './logs/logs.ts';
import type { Part, World } from './part.ts';
import { createPostgres } from './postgres/postgres.ts';
import { createS3 } from './s3/s3.ts';
import { createSecrets } from './secrets/secrets.ts';
import { createStepFunctions, type StepFunctionsOptions } from './sfn/step-functions.ts';
import { createSqs } from './sqs/sqs.ts';
import { createSsm } from './ssm/ssm.ts';
import { stopAfter, stopAll } from './stop-all.ts';
import { openStore } from './store.ts';
import { takeTime } from './take-time.ts';
import { type Front, type FrontOptions, startFront } from './wire/front.ts';

const REGION = 'eu-west-1';
const ACCOUNT = '000000000000';

/** Milliseconds per operation (`cloudformation.update`, ...); 0 unless named. As a function: see World in part.ts. */
export type Latencies = Readonly<Record<string, number>> | World['latency'];

export interface WorldOptions {
  /** Where everything is kept; without it the cloud forgets itself, and files go to a temporary folder. */
  readonly directory?: string;
  readonly clock: Clock;
  readonly latencies?: Latencies;
  readonly log?: (line: string) => void;
}

/** A world before there is a cloud in it: what stands beside the cloud, such as GitHub, starts here. */
export interface OpenWorld {
  readonly world: World;
  readonly directory: string;
  readonly durable: boolean;
  /** Says where events of services go. */
  wire(emit: World['emit']): void;
}

export const openWorld = ({ directory: kept, clock, latencies = {}, log = () => {} }: WorldOptions): OpenWorld => {
  const directory = kept ?? mkdtempSync(join(tmpdir(), 'embedded-cloud-'));
  const emitters: World['emit'][] = [];
  const world: World = {
    clock,
    store: openStore(kept && join(directory, 'cloud.db')),
    account: ACCOUNT,
    region: REGION,
    latency: typeof latencies === 'function' ? latencies : (operation) => latencies[operation] ?? 0,
    emit: (event) => {
      for (const emit of emitters) emit(event);
    },
    log,
  };
  return { world, directory, durable: kept !== undefined, wire: (emit) => emitters.push(emit) };
};

export interface CloudOptions {
  readonly functions: LambdaOptions['run'];
  /** Variables that every function gets beside its own. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly images: readonly ImageSource[];
  /** PATH of the processes that ECS runs. */
  readonly path: string;
  /** False keeps schedules from firing by themselves. */
  readonly schedules?: boolean;
  readonly observeIam?: IamOptions['observe'];
  readonly onHistory?: StepFunctionsOptions['onHistory'];
  readonly onCall?: FrontOptions['onCall'];
}

export interface Cloud {
  /** AWS_ENDPOINT_URL for every client. */
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  readonly balancer: Balancer;
  readonly cloudformation: CloudFormation;
  readonly ecs: Ecs;
  readonly events: Events;
  readonly gateway: Gateway;
  readonly images: Images;
  readonly lambda: Lambda;
  /** Says where the code of an asset of `cdk synth` lies. */
  addAsset(bucket: string, key: string, folder: string): void;
  stop(): Promise<void>;
}

/** All parts of the embedded cloud, put together behind one endpoint; what the store remembers goes on. */
export const startCloud = async (
  { world, directory, durable, wire }: OpenWorld,
  options: CloudOptions,
): Promise<Cloud> => {
  const { store } = world;
  const assets = store.table<string>('assets');
  let front: Front | undefined;

  const iam = createIam(world, options.observeIam ? { observe: options.observeIam } : {});
  const s3 = createS3(world, { directory: join(directory, 's3') });
  const unpacked = unpackedCode({
    directory: join(directory, 'code'),
    hashOf: s3.hashOfObject,
    read: s3.readObject,
  });
  // What CDK's command line uploads is a zip; what stands in an assembly on this machine needs none.
  const assetPath = (bucket: string, key: string) => assets.get(`${bucket}/${key}`) ?? unpacked(bucket, key);
  const logs = createLogs(world);
  const postgres = createPostgres(world, { directory: join(directory, 'postgres'), iam });
  const secrets = createSecrets(world, { describeDatabase: postgres.describeDatabase });
  const dynamodb = createDynamodb(world, durable ? { folder: join(directory, 'dynamodb') } : {});
  const ssm = createSsm(world);
  const sqs = createSqs(world);
  const balancer = createBalancer(world);
  const images = createImages(world, { directory: join(directory, 'images'), sources: options.images });
  const { readSecret } = secrets;
  const { appendLog } = logs;
  const ecs = createEcs(world, {
    images,
    balancer,
    readSecret,
    authorizeRole: iam.authorizeRole,
    mayAssume: (roleArn) => iam.serviceMayAssume(roleArn, 'ecs-tasks.amazonaws.com'),
    containerCredentials: { credentialsFor: iam.credentialsFor, endpoint: () => front?.url ?? '' },
    appendLog,
    directory: join(directory, 'ecs'),
    path: options.path,
  });
  const lambda = createLambda(world, {
    endpoint: () => front?.url ?? '',
    iam,
    assetPath,
    appendLog,
    run: options.functions,
    ...(options.environment && { environment: options.environment }),
  });
  const { invoke, allowed } = lambda;
  const gateway = createGateway(world, { invoke, allowed });
  const events = createEvents(world, {
    invoke,
    allowed,
    authorizeRole: iam.authorizeRole,
    sendToQueue: (queueArn, body, ruleArn) => sqs.sendFor('events.amazonaws.com', ruleArn, queueArn, body),
    schedules: options.schedules ?? true,
  });
  wire(events.emit);
  const sfn = createStepFunctions(world, {
    invoke,
    authorizeRole: iam.authorizeRole,
    roles: iam,
    ...(options.onHistory && { onHistory: options.onHistory }),
  });
  const providers = () => Object.assign({}, ...parts.map(({ resources }) => resources));
  const cloudformation = createCloudFormation(world, {
    providers,
    fetchTemplate: s3.fetchUrl,
    readSecret,
    authorizeRole: iam.authorizeRole,
    mayAssume: (roleArn) => iam.serviceMayAssume(roleArn, 'cloudformation.amazonaws.com'),
  });
  // In the order in which they take up their work: what moves others comes last.
  const parts: readonly Part[] = [
    iam,
    s3,
    logs,
    dynamodb,
    postgres,
    secrets,
    sqs,
    ssm,
    images,
    balancer,
    ecs,
    lambda,
    gateway,
    cloudformation,
    sfn,
    events,
  ];

  front = await startFront({
    services: parts.flatMap(({ services = [] }) => services),
    callerOf: iam.callerOf,
    authorizeAs: iam.authorizeAs,
    unsigned: ecs.unsigned,
    onCall: options.onCall,
    delay: (service, operation) => takeTime(world, `${service}.call`, operation),
  });
  const stop = () =>
    stopAll([
      ...parts.toReversed().map((part) => async () => part.stop?.()),
      async () => front?.close(),
      async () => store.close(),
    ]);
  try {
    for (const part of parts) await part.start?.();
  } catch (error) {
    // A database server would outlive us; why it does not stop is said beside why the cloud did not start.
    return stopAfter(error, stop);
  }
  return {
    endpoint: front.url,
    region: REGION,
    account: ACCOUNT,
    balancer,
    cloudformation,
    ecs,
    events,
    gateway,
    images,
    lambda,
    addAsset: (bucket, key, folder) => assets.put(`${bucket}/${key}`, folder),
    stop,
  };
};
