import { createHash } from 'node:crypto';
import { letters } from '../generated-name.ts';
import type { World } from '../part.ts';
import type { Caller } from '../wire/service.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

interface Session {
  readonly roleArn: string;
  readonly sessionName: string;
}

export type Sessions = ReturnType<typeof sessionsOf>;

/** Temporary credentials: derived from (role, session) and stored, so that they outlive a restart and never pile up. */
export const sessionsOf = (world: World) => {
  const sessions = world.store.remembered<Session>('iam-sessions');
  return {
    credentialsFor: (roleArn: string, sessionName: string): Credentials => {
      const credentials = credentialsOf({ roleArn, sessionName });
      const { accessKeyId } = credentials;
      if (!sessions.get(accessKeyId)) sessions.put(accessKeyId, { roleArn, sessionName });
      return credentials;
    },
    /** What belongs to a key, to check a signature by; undefined for one that no role was given. */
    findCredentials: (accessKeyId: string): Credentials | undefined => {
      const session = sessions.get(accessKeyId);
      return session && credentialsOf(session);
    },
    callerOf: (accessKeyId: string): Caller => {
      const session = sessions.get(accessKeyId);
      if (!session) return { accessKeyId, arn: `arn:aws:iam::${world.account}:root` };
      return { accessKeyId, roleArn: session.roleArn, arn: sessionArn(session.roleArn, session.sessionName) };
    },
  };
};

const credentialsOf = ({ roleArn, sessionName }: Session): Credentials => {
  const seed = `${roleArn} ${sessionName}`;
  return {
    accessKeyId: `ASIA${letters(`key ${seed}`, 16)}`,
    secretAccessKey: digest(`secret ${seed}`),
    sessionToken: digest(`token ${seed}`),
  };
};

/** `arn:aws:sts::{account}:assumed-role/{role}/{session}`; the role's path is left out, as in AWS. */
export const sessionArn = (roleArn: string, sessionName: string): string => {
  const account = roleArn.split(':')[4] ?? '';
  return `arn:aws:sts::${account}:assumed-role/${roleArn.slice(roleArn.lastIndexOf('/') + 1)}/${sessionName}`;
};

const digest = (seed: string) => createHash('sha256').update(seed).digest('base64url');
