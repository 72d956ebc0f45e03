import type { Balancer } from '../balancer/balancer.ts';
import type { Credentials } from '../iam/sessions.ts';
import type { Images } from '../images/images.ts';
import type { ReadSecret } from './container-secrets.ts';

export interface EcsOptions {
  readonly images: Images;
  readonly balancer: Balancer;
  readonly readSecret: ReadSecret;
  /** Throws unless the role may; asked for the secrets that a task's execution role pulls. */
  readonly authorizeRole?: (roleArn: string, action: string, resources: readonly string[]) => void;
  /** Whether tasks can take a role; without it any will do. */
  readonly mayAssume?: (roleArn: string) => boolean;
  /** How containers come to credentials of their task's role; without it they get none. */
  readonly containerCredentials?: {
    credentialsFor(roleArn: string, sessionName: string): Credentials;
    /** Of the front that hands requests to `Ecs.unsigned`. */
    endpoint(): string;
  };
  appendLog(group: string, stream: string, lines: readonly string[]): void;
  /** Where tasks have their homes; it must be readable by `user`. */
  readonly directory: string;
  /** The PATH that processes get. */
  readonly path: string;
  /** Who processes run as; whoever runs the cloud when left out. */
  readonly user?: { readonly uid: number; readonly gid: number };
}
