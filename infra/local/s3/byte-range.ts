import { AwsError } from '../wire/service.ts';

/**
 * First and last byte of a `Range` header, or undefined when the whole object is meant (no header, or several ranges,
 * which S3 does not serve).
 * @throws AwsError InvalidRange (416) when it starts behind the end
 */
export const byteRangeFrom = (
  header: string | undefined,
  size: number,
): { first: number; last: number } | undefined => {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (!from && !to) return;
  const first = from ? Number(from) : Math.max(size - Number(to), 0);
  const last = from && to ? Math.min(Number(to), size - 1) : size - 1;
  if (first >= size || (!from && Number(to) === 0))
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  return last < first ? undefined : { first, last };
};
