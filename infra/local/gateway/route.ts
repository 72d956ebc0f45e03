export interface RouteMatch<R> {
  readonly route: R;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * The most specific route for a request: paths without a greedy end before `{proxy+}`, longer greedy paths before shorter,
 * a method before ANY, `$default` last (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).
 */
export const findRoute = <R extends { readonly routeKey: string }>(
  routes: readonly R[],
  method: string,
  path: string,
): RouteMatch<R> | undefined =>
  routes
    .flatMap((route) => {
      const fit = fitOf(route.routeKey, method, path);
      return fit ? [{ route, ...fit }] : [];
    })
    .sort((a, b) => b.weight - a.weight)[0];

interface Fit {
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly weight: number;
}

const fitOf = (routeKey: string, method: string, path: string): Fit | undefined => {
  if (routeKey === '$default') return { pathParameters: {}, weight: -1 };
  const [verb = '', template = ''] = routeKey.split(' ');
  if (verb !== 'ANY' && verb !== method) return undefined;
  const pathParameters = parametersIn(segmentsOf(template), segmentsOf(path));
  return pathParameters && { pathParameters, weight: weightOf(template) * 2 + (verb === 'ANY' ? 0 : 1) };
};

const parametersIn = (
  template: readonly string[],
  path: readonly string[],
): Readonly<Record<string, string>> | undefined => {
  const found: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const name = /^\{([^}+]+)(\+)?\}$/.exec(part);
    const value = path[index];
    if (value === undefined) return undefined;
    if (name?.[1] && name[2]) return { ...found, [name[1]]: path.slice(index).map(decodeURIComponent).join('/') };
    if (name?.[1]) found[name[1]] = decodeURIComponent(value);
    else if (part !== value) return undefined;
  }
  return template.length === path.length ? found : undefined;
};

/** A fixed segment weighs more than a parameter, that more than a greedy end; earlier segments more than later. */
const weightOf = (template: string): number =>
  segmentsOf(template).reduce((sum, part, index) => sum + worthOf(part) * 4 ** (10 - index), 0);

const worthOf = (part: string) => (part.endsWith('+}') ? 1 : part.startsWith('{') ? 2 : 3);

const segmentsOf = (path: string): readonly string[] => path.split('/').slice(1);
