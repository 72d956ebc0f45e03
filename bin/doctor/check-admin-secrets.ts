import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ClusterSite } from '../../infra/aws/stage.ts';
import { messageOf } from '../message-of.ts';
import type { ClientSettings } from './account.ts';
import { type Check, missing, ok, unknown } from './diagnosis.ts';

/** There is a secret of an administrator of a database server where the stage says that they are, or one logs in by IAM. */
export const checkAdminSecrets = (
  settings: ClientSettings,
  { name, adminSecrets, databaseAdmins, account, region }: ClusterSite,
): Check => ({
  name: `database administrators of cluster ${name}`,
  run: async () => {
    try {
      const { SecretList = [] } = await new SecretsManagerClient(settings).send(
        new ListSecretsCommand({ Filters: [{ Key: 'name', Values: [adminSecrets] }], MaxResults: 10 }),
      );
      const names = SecretList.map((secret) => secret.Name ?? '').filter((each) => each.startsWith(adminSecrets));
      const known = [...names, ...databaseAdmins.map((admin) => `${admin} by IAM`)];
      return known.length > 0
        ? ok(known.join(', '))
        : missing(
            `No secret in ${account} ${region} begins with ${adminSecrets}`,
            'Keep the administrator of each database server in one (RDS does so with --manage-master-user-password), or correct adminSecrets of the cluster in infra/aws/stages.ts',
          );
    } catch (error) {
      return unknown(`Secrets Manager does not tell: ${messageOf(error)}`, 'Allow yourself secretsmanager:ListSecrets');
    }
  },
});
