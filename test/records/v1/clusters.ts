// Written by v1 of Slipway in a real run, and never changed by hand: docs/upgrade.md.
export const clusters = [
  {
    name: 'local',
    aws: {
      vpcId: 'vpc-00000001',
      awsAccount: '000000000000',
      awsRegion: 'eu-west-1',
      globalNamespace: 'example',
      albIngress: {
        listenerArn:
          'arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener/app/local/d58372e34ce0b10f/e010f3d40134fffa',
        securityGroupId: 'sg-00000001',
      },
      ecsCluster: {
        clusterName: 'local',
        taskExecutionRole: 'arn:aws:iam::000000000000:role/local-task-execution',
        defaultRegistry: '000000000000.dkr.ecr.eu-west-1.amazonaws.com',
        subnetIds: [],
      },
      rdsHosts: [
        {
          serverGroupName: 'default',
          clientSecurityGroupId: 'sg-00000001',
          identifier: 'local',
          auth: {
            secretsManager: {
              secretName: 'local/postgres',
            },
          },
        },
      ],
      deployRoleArn: 'arn:aws:iam::000000000000:role/slipway-deploy-local',
      externalId: 'slipway-example',
      cloudFormationRoleArn: 'arn:aws:iam::000000000000:role/slipway-cloudformation-local',
      boundaryArn: 'arn:aws:iam::000000000000:policy/slipway-boundary-local',
      sqlFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:slipway-sql-local',
      migratorRoles: {
        dev: 'arn:aws:iam::000000000000:role/slipway-migrator-dev',
      },
    },
    answer: {
      at: '2026-11-21T11:07:24.878Z',
      version: 1,
      environments: ['dev', 'dev-signed'],
      policies: ['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess'],
    },
    _revision: 1,
  },
] as const;
