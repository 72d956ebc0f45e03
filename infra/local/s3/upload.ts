import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError, type WireRequest } from '../wire/service.ts';

export interface Upload {
  readonly body: Buffer;
  /** What comes back with the object: content headers, `x-amz-meta-*`, `x-amz-checksum-*`. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The object in a PUT, plain or `aws-chunked` with trailing checksums, every digest that came with it checked.
 * @throws AwsError BadDigest, XAmzContentSHA256Mismatch, IncompleteBody
 */
export const uploadFrom = (request: WireRequest): Upload => {
  const { body, trailers } = isChunked(request) ? dechunked(request.body) : { body: request.body, trailers: {} };
  const headers: Record<string, string> = { ...request.headers, ...trailers };
  checkLength(headers, body);
  checkDigests(headers, body);
  const kept = Object.entries(headers).filter(([name]) => KEPT.test(name));
  const encoding = headers['content-encoding']?.replace(/\baws-chunked\b,?\s*/, '').replace(/,\s*$/, '');
  return {
    body,
    headers: {
      'content-type': 'binary/octet-stream',
      ...Object.fromEntries(kept),
      ...(encoding && { 'content-encoding': encoding }),
    },
  };
};

const KEPT =
  /^(x-amz-meta-.+|x-amz-checksum-(?!type|algorithm|mode).+|content-(type|disposition|language)|cache-control|expires)$/;

const isChunked = ({ headers }: WireRequest) =>
  headers['x-amz-content-sha256']?.startsWith('STREAMING-') || headers['content-encoding']?.includes('aws-chunked');

/** `{hex length}[;chunk-signature=...]\r\n{bytes}\r\n` until a chunk of length 0, then `name:value` trailers. */
const dechunked = (raw: Buffer): { body: Buffer; trailers: Record<string, string> } => {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = raw.indexOf('\r\n', at);
    const length = end < 0 ? Number.NaN : Number.parseInt(raw.toString('latin1', at, end), 16);
    if (!(length <= raw.length)) throw incomplete();
    at = end + 2;
    if (length === 0) break;
    chunks.push(raw.subarray(at, at + length));
    at += length + 2;
  }
  const lines = raw.toString('utf8', at).split('\r\n').filter(Boolean);
  const trailers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { body: Buffer.concat(chunks), trailers: Object.fromEntries(trailers) };
};

const checkLength = (headers: Record<string, string>, body: Buffer) => {
  const expected = headers['x-amz-decoded-content-length'];
  if (expected !== undefined && Number(expected) !== body.length) throw incomplete();
};

const incomplete = () =>
  new AwsError('IncompleteBody', 'You did not provide the number of bytes specified by the Content-Length HTTP header');

const crc32Of = (body: Buffer) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
};
const hashed = (algorithm: string, encoding: 'base64' | 'hex') => (body: Buffer) =>
  createHash(algorithm).update(body).digest(encoding);

/** Digests that Node can compute; CRC32C and CRC64NVME are kept and given back unchecked. */
const DIGESTS: Readonly<Record<string, (body: Buffer) => string>> = {
  'content-md5': hashed('md5', 'base64'),
  'x-amz-checksum-crc32': crc32Of,
  'x-amz-checksum-sha1': hashed('sha1', 'base64'),
  'x-amz-checksum-sha256': hashed('sha256', 'base64'),
};

const checkDigests = (headers: Record<string, string>, body: Buffer) => {
  const signed = headers['x-amz-content-sha256'] ?? '';
  if (/^[0-9a-f]{64}$/.test(signed) && signed !== hashed('sha256', 'hex')(body))
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  for (const [name, digest] of Object.entries(DIGESTS)) {
    const given = headers[name];
    if (given !== undefined && given !== digest(body))
      throw new AwsError('BadDigest', `The ${name} you specified did not match what we received.`);
  }
};
