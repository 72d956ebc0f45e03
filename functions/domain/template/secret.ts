import type { Build, Resources } from './build.ts';
import { logicalIds, secretName } from './names.ts';

/** A secret of the application: made empty, filled by people, outlives the stack; a failed creation leaves nothing. */
export const appSecret = (name: string, { application, environment, hash }: Build): Resources => ({
  [logicalIds.appSecret(name, hash)]: {
    Type: 'AWS::SecretsManager::Secret',
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      Name: secretName(environment.fullName, application.name, name),
      Description: `Secret ${name} of ${application.name} in ${environment.fullName}`,
    },
  },
});
