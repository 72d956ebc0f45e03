import { AwsError } from '../wire/service.ts';
import type { StoredObject } from './buckets.ts';
import { element, iso } from './s3-xml.ts';

const PAGE = 1000;

/** One page of ListObjectsV2; `objects` hold the prefix already and stand in the order of their keys. */
export const listObjectsPage = (bucket: string, objects: readonly StoredObject[], query: URLSearchParams): string => {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const token = query.get('continuation-token');
  const limit = Math.min(Number(query.get('max-keys') ?? PAGE), PAGE);
  const after = token === null ? (query.get('start-after') ?? '') : keyFrom(token);
  const entries = entriesOf(objects, prefix, delimiter).filter(
    ({ name }) => Buffer.compare(utf8(name), utf8(after)) > 0,
  );
  const page = entries.slice(0, limit);
  const isTruncated = limit > 0 && entries.length > limit;
  const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : String;
  const rows = page.map(({ name, object }) =>
    object
      ? element('Contents', {
          Key: encode(name),
          LastModified: iso(object.modifiedAt),
          ETag: object.etag,
          Size: object.size,
          StorageClass: 'STANDARD',
        })
      : element('CommonPrefixes', { Prefix: encode(name) }),
  );
  const head = {
    Name: bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter || undefined,
    MaxKeys: limit,
    KeyCount: page.length,
    IsTruncated: isTruncated,
    ContinuationToken: token ?? undefined,
    NextContinuationToken: isTruncated ? tokenFrom(page.at(-1)?.name ?? '') : undefined,
    StartAfter: query.get('start-after') ?? undefined,
    EncodingType: query.get('encoding-type') ?? undefined,
  };
  return element('ListBucketResult', head, rows.join(''));
};

/** Keys, those with the delimiter behind the prefix folded into one entry that ends with it. */
const entriesOf = (objects: readonly StoredObject[], prefix: string, delimiter: string) => {
  const entries = new Map<string, StoredObject | undefined>();
  for (const object of objects) {
    const cut = delimiter ? object.key.indexOf(delimiter, prefix.length) : -1;
    if (cut < 0) entries.set(object.key, object);
    else entries.set(object.key.slice(0, cut + delimiter.length), undefined);
  }
  return [...entries].map(([name, object]) => ({ name, object }));
};

const utf8 = (text: string) => Buffer.from(text, 'utf8');
const tokenFrom = (key: string) => utf8(`after:${key}`).toString('base64url');
const keyFrom = (token: string): string => {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (text.startsWith('after:')) return text.slice('after:'.length);
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
};
