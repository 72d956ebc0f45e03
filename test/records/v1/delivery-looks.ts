// Written by v1 of Slipway in a real run, and never changed by hand: docs/upgrade.md.
export const deliveryLooks = [
  {
    lookedAt: '2026-11-21T11:12:25.383Z',
    failed: [
      {
        id: '12345678901',
        guid: 'dcd41e98-6f69-4d17-8a29-0f32d57b6a08',
        repositoryId: '1001',
        failedAt: '2026-11-21T11:07:26.755Z',
        attempts: 1,
        dueAt: '2026-11-21T11:17:25.383Z',
      },
    ],
    _key: 'deliveries',
    _revision: 1,
  },
] as const;
