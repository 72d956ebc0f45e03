/** What a function is granted beside its row, because Lambda itself acts under its role. */
export const ofRuntime: ReadonlySet<string> = new Set([
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
]);

/** The network interfaces of a function that sits in a VPC. */
export const isOfVpc = (action: string): boolean => action.startsWith('ec2:');
