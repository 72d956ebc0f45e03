import type { Properties } from '../part.ts';

/** What is done to a resource. */
export type Verb = 'create' | 'update' | 'delete';

/** One resource operation under a service role. */
export interface RoleQuestion {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly seed: string;
  readonly verb: Verb;
  readonly type: string;
  readonly properties: Properties;
  readonly physicalId: string | undefined;
  /** Of an update: what the resource was made from before. */
  readonly previous?: Properties | undefined;
}
