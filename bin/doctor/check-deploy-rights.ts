import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { messageOf } from '../message-of.ts';
import type { ClientSettings, Place } from './account.ts';
import { bootstrapRole } from './bootstrap-roles.ts';
import { type Check, missing, ok } from './diagnosis.ts';

/** AWS's least for a session. */
const SECONDS = 900;

/** The caller may take the roles by which CDK deploys: tried, because no simulation knows the policies of organisations. */
export const checkDeployRights = (caller: ClientSettings, place: Place): Check => ({
  name: `right to deploy to ${place.account} ${place.region}`,
  run: async () => {
    const client = new STSClient(caller);
    const roles = [bootstrapRole('deploy', place), bootstrapRole('file-publishing', place)];
    const refused = await Promise.all(roles.map((role) => refusal(client, role)));
    const faults = refused.filter((fault) => fault !== undefined);
    return faults.length === 0
      ? ok("CDK's roles for deploying and for publishing code may be taken")
      : missing(
          faults.join('; '),
          `Allow yourself sts:AssumeRole on ${roles.join(' and ')}; they are there once ${place.account} is bootstrapped`,
        );
  },
});

const refusal = async (client: STSClient, role: string): Promise<string | undefined> => {
  try {
    await client.send(
      new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'slipway-doctor', DurationSeconds: SECONDS }),
    );
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
};
