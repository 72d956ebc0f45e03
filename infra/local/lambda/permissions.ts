import { fitsArn, fitsWildcard } from '../iam/wildcard.ts';
import { functionReferenceFrom } from './function-arn.ts';
import type { Functions } from './functions.ts';

/** Whether a service may invoke a function for a source: asks the resource policy that AWS::Lambda::Permission makes. */
export type FunctionAllows = (functionArn: string, principal: string, sourceArn: string) => boolean;

/** A permission speaks for exactly the function, version or alias it was given for. */
export const functionAllows =
  (functions: Functions): FunctionAllows =>
  (functionArn, principal, sourceArn) => {
    const { functionName, qualifier } = functionReferenceFrom(functionArn);
    return functions.permissions
      .list(`${functionName}/`)
      .some(
        ({ value }) =>
          value.qualifier === qualifier &&
          value.principal === principal &&
          fitsWildcard(value.action.toLowerCase(), 'lambda:invokefunction') &&
          (value.sourceArn === undefined || fitsArn(value.sourceArn, sourceArn)),
      );
  };
