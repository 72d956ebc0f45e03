import { escapeXml } from '../wire/query.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

type Scalar = string | number | boolean | undefined;

/** An element with scalar children (undefined left out), then `inner` as it is; lists of S3 are flat, unlike `<member>`. */
export const element = (name: string, children: Readonly<Record<string, Scalar>>, inner = ''): string => {
  const own = Object.entries(children).flatMap(([child, value]) =>
    value === undefined ? [] : [`<${child}>${escapeXml(String(value))}</${child}>`],
  );
  return `<${name}>${own.join('')}${inner}</${name}>`;
};

export const document = (root: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${root.replace('>', ` xmlns="${NAMESPACE}">`)}`;

export const iso = (millis: number): string => new Date(millis).toISOString();
