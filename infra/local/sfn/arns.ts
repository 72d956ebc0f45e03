import { AwsError } from '../wire/service.ts';

interface Home {
  readonly region: string;
  readonly account: string;
}

export const machineArnOf = ({ region, account }: Home, name: string): string =>
  `arn:aws:states:${region}:${account}:stateMachine:${name}`;

export const executionArnFrom = (machineArn: string, name: string): string =>
  `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;

const LONGEST_NAME = 80;

// the brackets, wild cards and special characters that AWS lists, white space and control characters
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what the rule forbids
const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

/** A name for a state machine or an execution; InvalidName otherwise. */
export const checkedName = (name: unknown): string => {
  if (typeof name !== 'string' || name.length === 0 || name.length > LONGEST_NAME || forbidden.test(name)) {
    throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  }
  return name;
};

/** An ARN of the kind wanted; InvalidArn otherwise. */
export const checkedArn = (arn: unknown, kind: 'stateMachine' | 'execution'): string => {
  if (typeof arn !== 'string' || !arn.startsWith('arn:')) {
    throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  }
  const [, , service, , , found] = arn.split(':');
  if (service === 'states' && found === kind) return arn;
  throw new AwsError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${found}'`);
};
