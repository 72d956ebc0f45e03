// Written by v1 of Slipway in a real run, and never changed by hand: docs/upgrade.md.
export const importFindings = [
  {
    key: 'plans/m-01178787e91c0cd8a8336214/1/import.json',
    document: [
      {
        logicalId: 'SecretsManagerSecretAppSecretToken',
        type: 'AWS::SecretsManager::Secret',
        identifier: {
          Id: 'arn:aws:secretsmanager:eu-west-1:000000000000:secret:/dev/left/token-Mg4zFe',
        },
      },
    ],
  },
] as const;
