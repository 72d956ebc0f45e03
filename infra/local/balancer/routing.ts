import { fitsWildcard } from '../iam/wildcard.ts';
import type { Action, Condition, RuleRecord } from './balancer-records.ts';

/** What rules look at. */
export interface RoutedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Without the port. */
  readonly host: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The actions of the first rule, by priority, whose conditions all hold; else the default. */
export const actionsFor = (
  request: RoutedRequest,
  rules: readonly RuleRecord[],
  defaultActions: readonly Action[],
): readonly Action[] => {
  const matching = rules.filter((rule) => rule.conditions.every((condition) => holds(condition, request)));
  const [first] = matching.sort((a, b) => a.priority - b.priority);
  return first?.actions ?? defaultActions;
};

/** Paths and methods are compared with regard to case, hosts and header values without. */
const holds = ({ field, header = '', values }: Condition, request: RoutedRequest): boolean => {
  switch (field) {
    case 'path-pattern':
      return values.some((pattern) => fitsWildcard(pattern, request.path));
    case 'host-header':
      return values.some((pattern) => fitsWildcard(pattern.toLowerCase(), request.host.toLowerCase()));
    case 'http-request-method':
      return values.includes(request.method);
    case 'http-header': {
      const found = [request.headers[header.toLowerCase()] ?? []].flat();
      return found.some((value) => values.some((one) => fitsWildcard(one.toLowerCase(), value.toLowerCase())));
    }
  }
};

/** A `Host` header without its port. */
export const hostFrom = (header = ''): string => header.replace(/:\d+$/, '');
