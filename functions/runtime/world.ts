import type { Clock } from '../ports.ts';

/** What surrounds a function: Lambda's own world, or the one that a test hands in. */
export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Settings for every AWS client; empty in Lambda, where the SDK finds region and credentials by itself. */
  readonly aws: {
    readonly region?: string;
    readonly endpoint?: string;
    readonly credentials?: {
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken?: string;
    };
  };
}

/** The process as Lambda starts it. The environment is read where it is used, once per function. */
export const lambdaWorld = (): World => ({
  environment: process.env,
  clock: {
    now: () => new Date(),
    sleep: (millis) => new Promise((resolve) => setTimeout(resolve, millis)),
  },
  aws: {},
});
