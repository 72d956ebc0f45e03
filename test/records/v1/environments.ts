// Written by v1 of Slipway in a real run, and never changed by hand: docs/upgrade.md.
export const environments = [
  {
    fullName: 'dev',
    kind: 'aws',
    trustJwks: [],
    vars: [],
    corsOrigins: [],
    aws: {
      hostHeader: '*.*',
      environmentLinks: [],
      iamPolicies: [
        {
          name: 'tracing',
          policyArn: 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess',
        },
      ],
    },
    fixForward: true,
    supersede: false,
    approval: 'never',
    smallTableRows: 10000,
    sizes: {
      light: {
        cpu: 128,
        memory: 256,
      },
      medium: {
        cpu: 512,
        memory: 1024,
      },
      heavy: {
        cpu: 1024,
        memory: 2048,
      },
    },
    clusterName: 'local',
    _all: 'environment',
    _revision: 1,
  },
] as const;
