import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Folder {
  readonly path: string;
  /** Gives the path of what was written. */
  write(name: string, text: string): string;
  remove(): void;
}

export const temporaryFolder = (): Folder => {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'test-files-')));
  return {
    path,
    write: (name, text) => {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
};

/** A shop with a database, a secret and a variable of its environment. */
export const shop = `name: shop
secrets:
  - name: keys
databases:
  - name: main
    postgres:
      dbExtensions: [citext]
      migrateContainer: { image: { name: shop-migrations } }
runtimes:
  - name: main
    containers:
      - name: web
        image: { name: shop }
        envVars:
          - { name: DATABASE_URL, database: { databaseName: main } }
          - { name: MODE, value: 'on' }
          - { name: REGION, fromEnv: { name: region } }
    routes:
      - { prefix: /shop, protocol: HTTP, bypassIngress: true }
`;

const cluster = `name: main
aws:
  awsAccount: '000000000000'
  awsRegion: eu-west-1
  vpcId: vpc-1
  globalNamespace: sample
  albIngress:
    listenerArn: arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener/app/main/1/2
    securityGroupId: sg-balancer
  ecsCluster:
    clusterName: main
    taskExecutionRole: arn:aws:iam::000000000000:role/execution
    defaultRegistry: registry.example/team
  rdsHosts:
    - serverGroupName: default
      identifier: main
      clientSecurityGroupId: sg-clients
      auth: { secretsManager: { secretName: main/postgres } }
  deployRoleArn: arn:aws:iam::000000000000:role/deploy
  boundaryArn: arn:aws:iam::000000000000:policy/boundary
  sqlFunctionArn: arn:aws:lambda:eu-west-1:000000000000:function:sql
  migratorRoles:
    dev: arn:aws:iam::000000000000:role/migrate-dev
    prod: arn:aws:iam::000000000000:role/migrate-prod
`;

const environment = (name: string, vars: string) => `fullName: ${name}
clusterName: main
vars: ${vars}
`;

const indented = (text: string, by: string): string => text.replaceAll(/^(?=.)/gm, by);

/** A file of one cluster, and one of one environment. */
export const clusterFile = cluster;
export const environmentFile = environment('dev', '[{ name: region, value: north }]');

/** What `slipway apply` takes: a cluster with dev, which has the variable `region`, and prod, which has not. */
export const combined = `cluster:
${indented(cluster, '  ')}environments:
  - ${indented(environmentFile, '    ').trimStart()}  - ${indented(environment('prod', '[]'), '    ').trimStart()}`;
