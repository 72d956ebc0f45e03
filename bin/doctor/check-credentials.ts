import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { messageOf } from '../message-of.ts';
import type { ClientSettings, Place } from './account.ts';
import { type Check, missing, ok } from './diagnosis.ts';

/** There are credentials, and they belong to the account of the control plane. */
export const checkCredentials = (settings: ClientSettings, { account }: Place): Check => ({
  name: 'credentials',
  run: async () => {
    try {
      const { Arn, Account } = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
      return Account === account
        ? ok(`${Arn}, in account ${account}`)
        : missing(`${Arn} is of account ${Account}; the stage is in ${account}`, `Sign in to account ${account}`);
    } catch (error) {
      return missing(`AWS does not know who you are: ${messageOf(error)}`, 'Sign in to AWS, or set AWS_PROFILE');
    }
  },
});
