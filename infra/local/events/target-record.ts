import { AwsError, type Input } from '../wire/service.ts';
import type { TargetRecord } from './rules.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
const RETRIES = 185;
const AGE_SECONDS = 86_400;

/** Reads a target as PutTargets and AWS::Events::Rule give it; throws ValidationException. */
export const targetRecordFrom = (target: Input): TargetRecord => {
  const inputs = [target.Input, target.InputPath, target.InputTransformer].filter((one) => one !== undefined);
  if (!target.Id || !target.Arn) throw new AwsError('ValidationException', 'a target needs Id and Arn');
  if (inputs.length > 1)
    throw new AwsError(
      'ValidationException',
      `Only one of Input, InputPath, or InputTransformer must be provided for target ${target.Id}.`,
    );
  const transformer = target.InputTransformer;
  return {
    id: String(target.Id),
    arn: String(target.Arn),
    maximumRetryAttempts: Number(target.RetryPolicy?.MaximumRetryAttempts ?? RETRIES),
    maximumEventAgeSeconds: Number(target.RetryPolicy?.MaximumEventAgeInSeconds ?? AGE_SECONDS),
    ...(target.RoleArn !== undefined && { roleArn: String(target.RoleArn) }),
    ...(target.Input !== undefined && { input: String(target.Input) }),
    ...(target.InputPath !== undefined && { inputPath: String(target.InputPath) }),
    ...(target.DeadLetterConfig?.Arn !== undefined && { deadLetterArn: String(target.DeadLetterConfig.Arn) }),
    ...(transformer && {
      inputTransformer: {
        inputPathsMap: transformer.InputPathsMap ?? {},
        inputTemplate: String(transformer.InputTemplate),
      },
    }),
  };
};

/** As the wire shows it again. */
export const shownTarget = (target: TargetRecord) => ({
  Id: target.id,
  Arn: target.arn,
  ...(target.roleArn && { RoleArn: target.roleArn }),
  ...(target.input !== undefined && { Input: target.input }),
  ...(target.inputPath !== undefined && { InputPath: target.inputPath }),
  ...(target.inputTransformer && {
    InputTransformer: {
      InputPathsMap: target.inputTransformer.inputPathsMap,
      InputTemplate: target.inputTransformer.inputTemplate,
    },
  }),
});
