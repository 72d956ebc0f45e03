// Written by v1 of Slipway in a real run, and never changed by hand: docs/upgrade.md.
export const events = [
  {
    subject: 'request/01d350f0-4994-4a15-836d-55af2b161787',
    at: '2026-11-21T11:18:05.518Z',
    type: 'Rejected',
    actor: 'acme',
    detail: {
      environment: 'dev',
      commit: 'bcb499fe816290f175c9f9de77fe7420e9a7dc10',
      ref: 'refs/heads/main',
      reason: {
        code: 'ConfigurationRefused',
        message: 'The application file is not valid\next/o5/app.yaml:2:11 runtimes: expected a list, found 7',
        left: 'Nothing was changed, what runs goes on',
        remedy: 'Correct it and push again',
      },
      annotations: [
        {
          path: 'ext/o5/app.yaml',
          line: 2,
          column: 11,
          message: 'runtimes: expected a list, found 7',
        },
      ],
    },
    _order: '2026-11-21T11:18:05.518Z#000000',
    _revision: 1,
  },
  {
    subject: 'configuration',
    at: '2026-11-21T11:07:24.900Z',
    type: 'ConfigurationApplied',
    actor: 'test',
    detail: {
      cluster: 'local',
      environments: ['dev', 'dev-signed'],
      repositories: ['acme/shop'],
    },
    _order: '2026-11-21T11:07:24.900Z#000000',
    _revision: 1,
  },
  {
    subject: 'stack/dev-queue',
    at: '2026-11-21T11:08:35.003Z',
    type: 'Cancelled',
    actor: 'bob',
    detail: {
      deploymentId: 'm-7bf535bf8497a994431c4dcc',
    },
    _order: '2026-11-21T11:08:35.003Z#000000',
    _revision: 1,
  },
] as const;
