/** Where the control plane stands, and the clusters it deploys to. */
export interface Stage {
  readonly account: string;
  readonly region: string;
  /** Kept when the stack is deleted, and protected from deletion: what nobody could bring back. */
  readonly retain: boolean;
  readonly clusters: readonly ClusterSite[];
}

/** One account, region and VPC that environments share. */
export interface ClusterSite {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Names of the environments that belong to it; each gets a migrator role of its own. */
  readonly environments: readonly string[];
  /** Prefix of the secrets that hold the administrators of its database servers. */
  readonly adminSecrets: string;
  /** Under which ECS pulls images and reads secrets for the tasks of applications. */
  readonly taskExecutionRole: string;
  readonly network: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
  /** Said by whoever assumes the deploy role; keeps other users of the same tool out. */
  readonly externalId: string;
}

/** Every stage by name; `cdk -c stage={name}` picks one. */
export const stages: Readonly<Record<string, Stage>> = {
  // A complete stage in one account: what `npm start` runs on the embedded cloud.
  example: {
    account: '000000000000',
    region: 'eu-west-1',
    retain: false,
    clusters: [
      {
        name: 'local',
        account: '000000000000',
        region: 'eu-west-1',
        environments: ['dev'],
        adminSecrets: 'local/postgres',
        taskExecutionRole: 'arn:aws:iam::000000000000:role/local-task-execution',
        network: { subnetIds: ['subnet-00000001'], securityGroupIds: ['sg-00000001'] },
        externalId: 'slipway-example',
      },
    ],
  },
};

/**
 * The stage of that name.
 * @throws Error that lists the known ones.
 */
export const getStage = (name: string): Stage => {
  const stage = stages[name];
  if (stage) return stage;
  throw new Error(`There is no stage ${name} in infra/aws/stages.ts; known: ${Object.keys(stages).join(', ')}`);
};
