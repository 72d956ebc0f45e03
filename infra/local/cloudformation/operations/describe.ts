import { AwsError, type Input, type Operation } from '../../wire/service.ts';
import { allExports } from '../exports.ts';
import type { ResourceRecord, StackRecord } from '../records.ts';
import { onStack } from './access.ts';
import { describeEvents, describeStackEvents } from './describe-events.ts';
import { type Desk, listOf } from './desk.ts';
import { page } from './paging.ts';
import { date, resourceShown, stackShown } from './shown.ts';
import { getStack } from './stacks.ts';

/** Everything that only reads stacks, their resources, events and exports. */
export const describeOperations = (desk: Desk): Readonly<Record<string, Operation>> => {
  const reading = (run: (desk: Desk, input: Input) => unknown): Operation => ({
    ...onStack(desk),
    run: (input) => run(desk, input),
  });
  return {
    DescribeStacks: reading(describeStacks),
    ListStacks: reading(listStacks),
    DescribeStackEvents: reading(describeStackEvents),
    DescribeEvents: reading(describeEvents),
    DescribeStackResource: reading(describeStackResource),
    DescribeStackResources: reading(describeStackResources),
    ListStackResources: reading(listStackResources),
    ListExports: reading(listExports),
    ListImports: reading(listImports),
  };
};

const describeStacks = (desk: Desk, { StackName, NextToken }: Input) => {
  if (StackName) return { Stacks: [stackShown(desk, getStack(desk.records, StackName))] };
  const { items, ...next } = page(
    allStacks(desk).filter(({ status }) => status !== 'DELETE_COMPLETE'),
    NextToken,
  );
  return { Stacks: items.map((stack) => stackShown(desk, stack)), ...next };
};

const listStacks = (desk: Desk, input: Input) => {
  const wanted = listOf<string>(input.StackStatusFilter);
  const { items, ...next } = page(
    allStacks(desk).filter(({ status }) => wanted.length === 0 || wanted.includes(status)),
    input.NextToken,
  );
  return { StackSummaries: items.map(summaryOf), ...next };
};

const summaryOf = (stack: StackRecord) => ({
  StackId: stack.id,
  StackName: stack.name,
  CreationTime: new Date(stack.createdAt),
  LastUpdatedTime: date(stack.updatedAt),
  DeletionTime: date(stack.deletedAt),
  StackStatus: stack.status,
  StackStatusReason: stack.statusReason,
  DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
});

/** Newest first. */
const allStacks = ({ records }: Desk): readonly StackRecord[] =>
  records.stacks
    .list()
    .map(({ value }) => value)
    .sort((a, b) => b.createdAt - a.createdAt || (a.name < b.name ? -1 : 1));

const describeStackResource = (desk: Desk, { StackName, LogicalResourceId }: Input) => {
  const stack = getStack(desk.records, StackName);
  const record = desk.records.resource(stack.id, LogicalResourceId);
  if (!record)
    throw new AwsError('ValidationError', `Resource ${LogicalResourceId} does not exist for stack ${StackName}`);
  const { Timestamp, ...shown } = resourceShown(stack, record);
  const { Metadata } = record.current?.notes ?? {};
  const metadata = Metadata === undefined ? {} : { Metadata: JSON.stringify(Metadata) };
  return { StackResourceDetail: { ...shown, LastUpdatedTimestamp: Timestamp, ...metadata } };
};

const describeStackResources = (desk: Desk, { StackName, LogicalResourceId, PhysicalResourceId }: Input) => {
  const stack = StackName ? getStack(desk.records, StackName) : stackOfPhysical(desk, String(PhysicalResourceId));
  const records = desk.records
    .resourcesOf(stack.id)
    .filter((record) => !LogicalResourceId || record.logicalId === LogicalResourceId)
    .slice(0, 100);
  return { StackResources: records.map((record) => resourceShown(stack, record)) };
};

const stackOfPhysical = (desk: Desk, physicalId: string): StackRecord => {
  const has = ({ current }: ResourceRecord) => current?.physicalId === physicalId;
  const owner = desk.records.resources.list().find(({ value }) => has(value))?.value.stackId;
  const stack = owner === undefined ? undefined : desk.records.stacks.get(owner);
  if (!stack) throw new AwsError('ValidationError', `Stack for ${physicalId} does not exist`);
  return stack;
};

const listStackResources = (desk: Desk, { StackName, NextToken }: Input) => {
  const stack = getStack(desk.records, StackName);
  const { items, ...next } = page(desk.records.resourcesOf(stack.id), NextToken);
  const summaries = items.map((record) => {
    const { Timestamp, StackId: _, StackName: __, ...shown } = resourceShown(stack, record);
    return { ...shown, LastUpdatedTimestamp: Timestamp };
  });
  return { StackResourceSummaries: summaries, ...next };
};

const listExports = (desk: Desk, { NextToken }: Input) => {
  const { items, ...next } = page(allExports(desk.records), NextToken);
  return {
    Exports: items.map(({ stackId, name, value }) => ({ ExportingStackId: stackId, Name: name, Value: value })),
    ...next,
  };
};

const listImports = (desk: Desk, { ExportName, NextToken }: Input) => {
  const users = allStacks(desk).filter(
    ({ status, imports }) => status !== 'DELETE_COMPLETE' && imports.includes(ExportName),
  );
  if (users.length === 0) throw new AwsError('ValidationError', `Export '${ExportName}' is not imported by any stack.`);
  const { items, ...next } = page(users, NextToken);
  return { Imports: items.map(({ name }) => name), ...next };
};
