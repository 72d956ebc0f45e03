import { AwsError, type Input } from '../wire/service.ts';
import type { Action, Condition, WeightedTargetGroup } from './balancer-records.ts';

/** Actions of a listener or rule as a template has them. @throws AwsError when one is not understood */
export const actionsFrom = (given: Input): readonly Action[] => {
  const actions = ((given ?? []) as Input[]).toSorted((a, b) => Number(a.Order ?? 1) - Number(b.Order ?? 1));
  if (actions.length === 0) throw new AwsError('ValidationError', 'a listener or rule needs at least one action');
  return actions.map(actionFrom);
};

const actionFrom = (given: Input): Action => {
  switch (given.Type) {
    case 'forward':
      return { type: 'forward', targetGroups: targetGroupsFrom(given) };
    case 'fixed-response': {
      const { StatusCode, ContentType = 'text/plain', MessageBody = '' } = given.FixedResponseConfig ?? {};
      return { type: 'fixed-response', status: Number(StatusCode), contentType: ContentType, body: MessageBody };
    }
    case 'redirect': {
      const { Protocol, Host, Port, Path, Query, StatusCode } = given.RedirectConfig ?? {};
      const location = {
        protocol: Protocol ?? '#{protocol}',
        host: Host ?? '#{host}',
        port: String(Port ?? '#{port}'),
        path: Path ?? '/#{path}',
        query: Query ?? '#{query}',
      };
      return { type: 'redirect', status: StatusCode === 'HTTP_301' ? 301 : 302, location };
    }
    default:
      throw notHere(`the action type '${given.Type}'`, 'forward, fixed-response and redirect');
  }
};

const targetGroupsFrom = ({ TargetGroupArn, ForwardConfig }: Input): readonly WeightedTargetGroup[] => {
  const given: Input[] = ForwardConfig?.TargetGroups ?? [];
  if (given.length === 0 && TargetGroupArn) return [{ arn: TargetGroupArn, weight: 1 }];
  if (given.length === 0) throw new AwsError('ValidationError', 'a forward action needs a TargetGroupArn');
  return given.map((one) => ({ arn: one.TargetGroupArn, weight: Number(one.Weight ?? 1) }));
};

/** Conditions of a rule as a template has them: `Values` directly, or in the field's own configuration. */
export const conditionsFrom = (given: Input): readonly Condition[] => ((given ?? []) as Input[]).map(conditionFrom);

const conditionFrom = (given: Input): Condition => {
  const own = given.PathPatternConfig ?? given.HostHeaderConfig ?? given.HttpRequestMethodConfig;
  const values: string[] = own?.Values ?? given.HttpHeaderConfig?.Values ?? given.Values ?? [];
  if (values.length === 0) throw new AwsError('ValidationError', 'A condition value must be specified');
  switch (given.Field) {
    case 'path-pattern':
    case 'host-header':
    case 'http-request-method':
      return { field: given.Field, values };
    case 'http-header':
      return { field: given.Field, header: String(given.HttpHeaderConfig?.HttpHeaderName), values };
    default:
      throw notHere(
        `the condition field '${given.Field}'`,
        'path-pattern, host-header, http-request-method and http-header',
      );
  }
};

const notHere = (what: string, known: string) =>
  new AwsError('ValidationError', `the embedded balancer does not have ${what}; it has ${known}`);
