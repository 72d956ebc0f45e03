import type { Declaration, ResourceRecord, StackRecord } from '../records.ts';
import { isNoEcho } from '../template/parameters.ts';
import { own } from '../template/template.ts';
import type { Desk } from './desk.ts';

type Reader = Pick<Desk, 'records'>;

/** A stack as DescribeStacks gives it. */
export const stackShown = (desk: Reader, stack: StackRecord) => ({
  StackId: stack.id,
  StackName: stack.name,
  ChangeSetId: stack.changeSetId,
  Description: stack.declaration && desk.records.parsed(stack.declaration.templateId).Description,
  Parameters: parametersShown(desk, stack.declaration),
  CreationTime: new Date(stack.createdAt),
  LastUpdatedTime: date(stack.updatedAt),
  DeletionTime: date(stack.deletedAt),
  RollbackConfiguration: {},
  StackStatus: stack.status,
  StackStatusReason: stack.statusReason,
  DisableRollback: stack.disableRollback,
  NotificationARNs: [],
  Capabilities: stack.declaration?.capabilities ?? [],
  Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
    OutputKey: key,
    OutputValue: value,
    Description: description,
    ExportName: exportName,
  })),
  RoleARN: stack.roleArn,
  Tags: stack.declaration?.tags ?? [],
  EnableTerminationProtection: stack.terminationProtection,
  DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
});

/** NoEcho parameters as `****`. */
export const parametersShown = ({ records }: Reader, declaration: Declaration | undefined) => {
  if (!declaration) return [];
  const declared = records.parsed(declaration.templateId).Parameters;
  return Object.entries(declaration.parameters).map(([name, text]) => ({
    ParameterKey: name,
    ParameterValue: isNoEcho(own(declared, name)) ? '****' : text,
    ResolvedValue: own(declaration.resolved, name),
  }));
};

/** A resource as DescribeStackResources gives it. */
export const resourceShown = (stack: StackRecord, record: ResourceRecord) => ({
  StackName: stack.name,
  StackId: stack.id,
  LogicalResourceId: record.logicalId,
  PhysicalResourceId: record.current?.physicalId ?? record.physicalId,
  ResourceType: record.type,
  Timestamp: new Date(record.updatedAt),
  ResourceStatus: record.status,
  ResourceStatusReason: record.statusReason,
  DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
});

export const date = (millis: number | undefined): Date | undefined =>
  millis === undefined ? undefined : new Date(millis);
