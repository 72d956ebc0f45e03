import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { Stage } from '../../infra/aws/stage.ts';
import { bootstrapRole } from './bootstrap-roles.ts';

type Credentials = ReturnType<typeof fromNodeProviderChain>;

/** Where something stands. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Settings for any client of AWS that speaks to one place. */
export interface ClientSettings {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials: Credentials;
}

/** The settings for a place of the stage. */
export type SettingsOf = (place: Place) => ClientSettings;

/**
 * The caller's own credentials in the account of the control plane. Into other accounts they lead by the role that CDK's
 * bootstrap made for looking around, which may read and nothing else.
 */
export const accountsOf = ({ account: home, region: homeRegion }: Stage): SettingsOf => {
  const own = fromNodeProviderChain({ clientConfig: { region: homeRegion } });
  const known = new Map<string, Credentials>();
  const lookup = (place: Place): Credentials => {
    const RoleArn = bootstrapRole('lookup', place);
    const params = { RoleArn, RoleSessionName: 'slipway-doctor' };
    const clientConfig = { region: place.region };
    const made = known.get(RoleArn) ?? fromTemporaryCredentials({ masterCredentials: own, params, clientConfig });
    known.set(RoleArn, made);
    return made;
  };
  return ({ account, region }) => ({
    region,
    credentials: account === home ? own : lookup({ account, region }),
  });
};
