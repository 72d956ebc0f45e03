import {
  type CloudFormationClient,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { DeleteFunctionCommand, type LambdaClient, paginateListVersionsByFunction } from '@aws-sdk/client-lambda';
import { DeleteStateMachineVersionCommand, ListStateMachineVersionsCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { oldVersions, type PublishedVersion } from './old-versions.ts';

export interface VersionClients {
  readonly cloudFormation: CloudFormationClient;
  readonly lambda: LambdaClient;
  readonly states: SFNClient;
}

/**
 * Deletes the versions that updates of a stack have left behind for executions that still ran, once none can run any more.
 * What the stack holds is never touched, and neither is a function or machine that it does not hold. Gives their number.
 */
export const forgetVersions = async (
  clients: VersionClients,
  { stackName, nowMillis }: { readonly stackName: string; readonly nowMillis: number },
): Promise<number> => {
  const resources = await resourcesOf(clients, stackName);
  const idsOf = (type: string) =>
    resources.flatMap(({ ResourceType, PhysicalResourceId: id }) => (ResourceType === type && id ? [id] : []));
  const inUse = new Set([...idsOf('AWS::Lambda::Version'), ...idsOf('AWS::StepFunctions::StateMachineVersion')]);
  let count = 0;
  for (const name of idsOf('AWS::Lambda::Function'))
    for (const FunctionName of oldVersions(await versionsOfFunction(clients, name), inUse, nowMillis)) {
      await clients.lambda.send(new DeleteFunctionCommand({ FunctionName }));
      count += 1;
    }
  for (const arn of idsOf('AWS::StepFunctions::StateMachine'))
    for (const stateMachineVersionArn of oldVersions(await versionsOfMachine(clients, arn), inUse, nowMillis)) {
      await clients.states.send(new DeleteStateMachineVersionCommand({ stateMachineVersionArn }));
      count += 1;
    }
  return count;
};

const resourcesOf = async ({ cloudFormation: client }: VersionClients, StackName: string) => {
  const found: StackResourceSummary[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName }))
    found.push(...StackResourceSummaries);
  return found;
};

const versionsOfFunction = async ({ lambda: client }: VersionClients, FunctionName: string) => {
  const found: PublishedVersion[] = [];
  for await (const { Versions = [] } of paginateListVersionsByFunction({ client }, { FunctionName }))
    for (const { FunctionArn: arn, Version, LastModified = '' } of Versions)
      if (arn && Version !== '$LATEST') found.push({ arn, publishedAtMillis: Date.parse(LastModified) });
  return found;
};

const versionsOfMachine = async ({ states }: VersionClients, stateMachineArn: string) => {
  const found: PublishedVersion[] = [];
  let nextToken: string | undefined;
  do {
    const page = await states.send(
      new ListStateMachineVersionsCommand({ stateMachineArn, ...(nextToken && { nextToken }) }),
    );
    for (const { stateMachineVersionArn: arn, creationDate } of page.stateMachineVersions ?? [])
      if (arn && creationDate) found.push({ arn, publishedAtMillis: creationDate.getTime() });
    nextToken = page.nextToken;
  } while (nextToken);
  return found;
};
