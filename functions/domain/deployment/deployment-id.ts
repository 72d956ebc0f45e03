/** sha256 in hex, handed in. */
type Hash = (text: string) => string;

export interface DeploymentKey {
  readonly repositoryId: string;
  readonly ref: string;
  /** The commit that the ref moved to. */
  readonly after: string;
  readonly environment: string;
  readonly application: string;
  /** How often the target's head has moved: the same commit pushed again later is another deployment. */
  readonly n: number;
}

/** The id of a push's deployment: the same push gives the same one, whoever asks and however often. */
export const deploymentIdFrom = (hash: Hash, key: DeploymentKey): string =>
  `d-${shortened(hash, [key.repositoryId, key.ref, key.after, key.environment, key.application, key.n])}`;

/** The same for a manual request, whose own id is its idempotency key; it may deploy several applications. */
export const manualDeploymentIdFrom = (
  hash: Hash,
  { id, environment, application }: { readonly id: string; readonly environment: string; readonly application: string },
): string => `m-${shortened(hash, [id, environment, application])}`;

/** 96 bits: short enough to be read out, and no two of a lifetime alike. JSON keeps the parts apart. */
const shortened = (hash: Hash, parts: readonly (string | number)[]) => hash(JSON.stringify(parts)).slice(0, 24);
