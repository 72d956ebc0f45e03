import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { controlStackName } from '../../infra/aws/names.ts';
import { messageOf } from '../message-of.ts';
import { type OperatorPorts, operatorPorts } from '../operator.ts';
import type { ClientSettings } from './account.ts';
import { type Check, type Diagnosis, missing, ok, unknown } from './diagnosis.ts';

/** The stack of the control plane as it stands. */
export type ControlPlane =
  | {
      readonly kind: 'deployed';
      readonly status: string;
      readonly outputs: Readonly<Record<string, string>>;
      readonly ports: OperatorPorts;
      /** How a command is called that is to reach this very one: `apply FILE` with what names it. */
      readonly call: (words: string) => string;
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'hidden'; readonly message: string };

export type Deployed = Extract<ControlPlane, { kind: 'deployed' }>;

export const findControlPlane = async (
  settings: ClientSettings,
  { call, environment = {} }: Pick<Deployed, 'call'> & { readonly environment?: Readonly<Record<string, string>> },
): Promise<ControlPlane> => {
  try {
    const client = new CloudFormationClient(settings);
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: controlStackName }));
    const outputs = Object.fromEntries(
      (Stacks[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue ?? '']),
    );
    const { region, endpoint, credentials } = settings;
    const aws = { region, ...(endpoint && { endpoint }), credentials: await credentials() };
    const ports = operatorPorts({ outputs, aws, environment });
    return { kind: 'deployed', status: Stacks[0]?.StackStatus ?? '', outputs, ports, call };
  } catch (error) {
    const message = messageOf(error);
    return message.includes('does not exist') ? { kind: 'absent' } : { kind: 'hidden', message };
  }
};

/** The control plane is there and at rest. */
export const checkControlPlane = (control: Promise<ControlPlane>, deploy: string): Check => ({
  name: 'control plane',
  run: after(control, deploy, async ({ status }) =>
    /^(CREATE|UPDATE|IMPORT)_COMPLETE$|^UPDATE_ROLLBACK_COMPLETE$/.test(status)
      ? ok(`stack ${controlStackName}, ${status}`)
      : missing(
          `The stack ${controlStackName} stands at ${status}`,
          `Wait for its end, or read its events; then ${deploy}`,
        ),
  ),
});

/** A look that only makes sense once there is a control plane; `deploy` says how it comes about. */
export const after =
  (control: Promise<ControlPlane>, deploy: string, look: (deployed: Deployed) => Promise<Diagnosis>) =>
  async (): Promise<Diagnosis> => {
    const found = await control;
    switch (found.kind) {
      case 'deployed':
        return look(found);
      case 'absent':
        return unknown('There is no control plane yet', deploy);
      case 'hidden':
        return unknown(
          `The stack ${controlStackName} cannot be read: ${found.message}`,
          'Sign in to AWS, and look again',
        );
    }
  };
