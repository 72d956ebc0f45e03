import { isAtRest } from './cloudformation-status.ts';
import { isOutwardToken } from './token.ts';

/** An event of AWS as the bus delivers it: any number of times, in any order. */
export interface AwsEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What an event makes worth looking at. */
export interface Hint {
  /** Outward token it carries. */
  readonly token?: string;
  /** True when the event says that what carries the token has ended. */
  readonly ended: boolean;
  readonly stackName?: string;
  /** Of the stack: the one thing that leads to it when it is deleted. */
  readonly stackId?: string;
  /** A stopped task of a service, by the service's name. */
  readonly serviceName?: string;
  /** `repository:tag` of an image that arrived. */
  readonly image?: string;
}

/** Reads an event; undefined for one that says nothing to us. */
export const hintFrom = ({ source, detail }: AwsEvent): Hint | undefined => {
  switch (source) {
    case 'aws.cloudformation':
      return stackHint(detail);
    case 'aws.ecs':
      return taskHint(detail);
    case 'aws.ecr':
      return imageHint(detail);
    default:
      return undefined;
  }
};

const stackHint = (detail: AwsEvent['detail']): Hint => {
  const status = text(record(detail['status-details'])['status']);
  // arn:aws:cloudformation:{region}:{account}:stack/{name}/{id}
  const stackId = text(detail['stack-id']);
  const stackName = stackId?.split('/')[1];
  const token = ourToken(detail['client-request-token']);
  return {
    ...(token !== undefined && { token }),
    ...(stackName !== undefined && { stackName }),
    ...(stackId !== undefined && { stackId }),
    ended: status !== undefined && isAtRest(status),
  };
};

const taskHint = (detail: AwsEvent['detail']): Hint | undefined => {
  if (text(detail['lastStatus']) !== 'STOPPED') return undefined;
  const group = text(detail['group']);
  const serviceName = group?.startsWith('service:') ? group.slice('service:'.length) : undefined;
  const token = ourToken(detail['startedBy']);
  return { ...(token !== undefined && { token }), ...(serviceName !== undefined && { serviceName }), ended: true };
};

/** A push without a tag, such as one layer of a multi-platform image, names nothing that a release could. */
const imageHint = (detail: AwsEvent['detail']): Hint | undefined => {
  if (text(detail['action-type']) !== 'PUSH' || text(detail['result']) !== 'SUCCESS') return undefined;
  const [repository, tag] = [text(detail['repository-name']), text(detail['image-tag'])];
  return repository && tag ? { image: `${repository}:${tag}`, ended: false } : undefined;
};

/** Under the names that others give to what they do nothing of ours is found. */
const ourToken = (value: unknown): string | undefined => {
  const token = text(value);
  return token !== undefined && isOutwardToken(token) ? token : undefined;
};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value)) : {};
