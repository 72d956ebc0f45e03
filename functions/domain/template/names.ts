/** sha256 in hex; handed in, since nothing here may import it. */
export type Hash = (text: string) => string;

/** Where the containers of an application log to. */
export const logGroupName = (environment: string, application: string, container: string): string =>
  `ecs/${environment}/${application}/${container}`;

export const stackName = (environment: string, application: string): string => `${environment}-${application}`;

/**
 * The part of a logical id that stands for a name: CamelCase as the original deployer writes it. Two names never
 * share one: a name that its CamelCase does not give back carries a hash.
 */
export const logicalName = (name: string, hash: Hash): string => {
  const camel = name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  return /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(name) ? camel : `${camel}X${hash(name).slice(0, 8)}`;
};

/** The same for names of any length, beside another name: CloudFormation takes 255 characters for an id. */
export const shortLogicalName = (name: string, hash: Hash): string =>
  name.length <= 100 ? logicalName(name, hash) : `X${hash(name).slice(0, 16)}`;

/** A name within a limit of AWS: cut, with a hash of the whole at the end, when it is longer. */
export const fitted = (name: string, limit: number, hash: Hash): string =>
  name.length <= limit ? name : `${name.slice(0, limit - 9).replace(/-+$/, '')}-${hash(name).slice(0, 8)}`;

/** The real name of a database: anything but letters and digits becomes `_`, as the original folds it. */
export const databaseName = (environment: string, application: string, suffix: string): string =>
  foldedName(`${environment}_${application}_${suffix}`);

/** What is neither letter nor digit becomes `_`. */
export const foldedName = (name: string): string => name.replaceAll(/[^A-Za-z0-9]/g, '_');

/** Secrets Manager name of a secret that people fill. */
export const secretName = (environment: string, application: string, name: string): string =>
  `/${environment}/${application}/${name}`;

/** Logical ids, one rule for each kind of resource. */
export const logicalIds = {
  taskDefinition: (runtime: string) => `ECSTaskDefinition${capitalised(runtime)}`,
  service: (runtime: string) => `ECSService${capitalised(runtime)}`,
  role: (runtime: string) => `IAMRole${capitalised(runtime)}Assume`,
  securityGroup: (runtime: string) => `EC2SecurityGroup${capitalised(runtime)}`,
  queue: (runtime: string) => `SQSQueue${capitalised(runtime)}`,
  deadLetterQueue: (runtime: string) => `SQSQueue${capitalised(runtime)}DeadLetters`,
  queuePolicy: (runtime: string) => `SQSQueuePolicy${capitalised(runtime)}`,
  deadLetterQueuePolicy: (runtime: string) => `SQSQueuePolicy${capitalised(runtime)}DeadLetters`,
  // What follows the runtime begins with a capital letter, as nothing inside its name does: two never share an id.
  eventRule: (runtime: string, source: string, part: number) =>
    `EventsRule${capitalised(runtime)}${part > 1 ? `P${part}` : ''}${source}`,
  topicSubscription: (runtime: string, topic: string, hash: Hash) =>
    `SNSSubscription${capitalised(runtime)}${shortLogicalName(topic, hash)}`,
  bucket: (name: string, hash: Hash) => `S3Bucket${logicalName(name, hash)}`,
  // A bucket may be called `policy-...`, so the word stands first.
  bucketPolicy: (name: string, hash: Hash) => `PolicyOfS3Bucket${logicalName(name, hash)}`,
  appSecret: (name: string, hash: Hash) => `SecretsManagerSecretAppSecret${logicalName(name, hash)}`,
};

/** Names of parameters that belong to something of the application. */
export const parameterNames = {
  desiredCount: (runtime: string) => `DesiredCount${capitalised(runtime)}`,
  variable: (name: string, hash: Hash) => `EnvVar${logicalName(name, hash)}`,
  databaseSecret: (database: string, hash: Hash) => `DatabaseSecret${logicalName(database, hash)}`,
  // Without the word before it, a link called `env-var` would take the parameter of a variable called `full-name`.
  link: (lookupName: string, hash: Hash) => `Link${shortLogicalName(lookupName, hash)}FullName`,
  policy: (runtime: string, policy: string, hash: Hash) =>
    `NamedIAMPolicy${capitalised(runtime)}${logicalName(policy, hash)}`,
};

/** Runtime names hold no dash, so this is their CamelCase. */
const capitalised = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
