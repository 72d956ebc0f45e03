import { generatedName } from '../generated-name.ts';
import type { Iam } from '../iam/iam.ts';
import type { Resource, ResourceProvider, ResourceRequest, World } from '../part.ts';
import { AwsError } from '../wire/service.ts';
import { checkExecutionRole } from './execution-role.ts';
import { functionArn } from './function-arn.ts';
import { type FunctionRecord, functionRecordFrom, invalidParameter } from './function-record.ts';
import type { Functions } from './functions.ts';

export interface FunctionResourceOptions {
  readonly iam: Pick<Iam, 'serviceMayAssume' | 'roleAllows'>;
  readonly assetPath: (bucket: string, key: string) => string | undefined;
}

/** AWS::Lambda::Function: Ref is the name, `Arn` the unqualified ARN. */
export const functionResource = (
  world: World,
  functions: Functions,
  { iam, assetPath }: FunctionResourceOptions,
): ResourceProvider => {
  const save = (functionName: string, { seed, properties }: Pick<ResourceRequest, 'seed' | 'properties'>): Resource => {
    const record = functionRecordFrom({ functionName, seed }, properties, world.clock.now());
    check(record);
    functions.latest.put(functionName, record);
    return { physicalId: functionName, attributes: { Arn: functionArn(world, { functionName }) } };
  };
  const check = ({ code, ...record }: FunctionRecord) => {
    checkExecutionRole(iam, record);
    if (assetPath(code.bucket, code.key) === undefined)
      throw invalidParameter(
        `Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist. (s3://${code.bucket}/${code.key})`,
      );
  };
  return {
    create: async (request) => {
      const functionName = String(request.properties['FunctionName'] ?? generatedName(request, 64));
      if ((functions.latest.get(functionName)?.seed ?? request.seed) !== request.seed)
        throw new AwsError('ResourceConflictException', `Function already exist: ${functionName}`, 409);
      return save(functionName, request);
    },
    update: async (request) => save(request.physicalId, request),
    delete: async ({ physicalId }) => functions.remove(physicalId),
  };
};
