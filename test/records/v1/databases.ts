// Written by v1 of Slipway in a real run, and never changed by hand: docs/upgrade.md.
export const databases = [
  {
    environment: 'dev',
    databaseName: 'dev_shop_main',
    application: 'shop',
    key: 'main',
    serverGroup: 'default',
    secretArn: 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:/dev/shop/postgres/main-CvNaBf',
    migratorSecretArn: 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:/dev/shop/postgres/main/migrate-ObBkNo',
    login: 'dev_shop_main_1',
    _revision: 2,
  },
] as const;
