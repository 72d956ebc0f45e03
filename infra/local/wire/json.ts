import { type Authorize, AwsError, awsErrorFrom, type Input, type Operation, type WireService } from './service.ts';

/** A service of the AWS JSON protocol: POST to the root, the operation in `X-Amz-Target`. */
export const jsonService = (
  scope: string,
  version: '1.0' | '1.1',
  operations: Readonly<Record<string, Operation>>,
  iamPrefix = scope,
): WireService => {
  const headers = { 'content-type': `application/x-amz-json-${version}` };
  const answer = async (
    target: string,
    body: Buffer,
    authorize: Authorize,
    caller: Parameters<Operation['run']>[1],
  ) => {
    const name = target.slice(target.lastIndexOf('.') + 1);
    const operation = operations[name];
    if (!operation) throw new AwsError('UnknownOperationException', `${scope} does not know ${name}`);
    const input: Input = body.length ? JSON.parse(body.toString('utf8')) : {};
    for (const action of operation.actions ?? [`${iamPrefix}:${name}`])
      authorize(action, operation.resources?.(input) ?? ['*']);
    for (const { action, resources, context } of operation.alsoNeeds?.(input) ?? [])
      authorize(action, resources, context);
    return operation.run(input, caller);
  };
  return {
    scope,
    handle: async (request, authorize) => {
      try {
        const output = await answer(request.headers['x-amz-target'] ?? '', request.body, authorize, request.caller);
        return { status: 200, headers, body: JSON.stringify(output ?? {}) };
      } catch (thrown) {
        const error = awsErrorFrom(thrown);
        return {
          status: error.status,
          headers: { ...headers, 'x-amzn-errortype': error.code },
          body: JSON.stringify({ __type: error.code, message: error.message, Message: error.message, ...error.fields }),
        };
      }
    },
  };
};
