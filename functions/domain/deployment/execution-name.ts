/** Step Functions takes 80 characters; eight are left for a suffix such as `-rest-12`. */
const LONGEST = 72;

/**
 * The name of the execution that runs a deployment under a fence: whoever starts it again starts nothing new.
 * @throws RangeError for an id that is no execution name, rather than make two ids look alike.
 */
export const executionName = (deploymentId: string, fence: number): string => {
  const name = `${deploymentId}-${fence}`;
  if (/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name) && name.length <= LONGEST && Number.isSafeInteger(fence) && fence > 0)
    return name;
  throw new RangeError(
    `"${name}" cannot name an execution: at most ${LONGEST} letters, digits, - and _, ending in a fence from 1 on`,
  );
};

/** The name of the execution that brings a deployment to rest, when the one before it ended without settling. */
export const restName = (deploymentId: string, fence: number, round: number): string =>
  `${executionName(deploymentId, fence)}-rest${round === 1 ? '' : `-${round}`}`;
