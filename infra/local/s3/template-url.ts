/** The bucket and key of a template URL: path style, virtual-hosted style, or an endpoint on this machine. */
export const findTemplateObject = (url: string): { bucket: string; key: string } | undefined => {
  if (!URL.canParse(url)) return;
  const { hostname, pathname } = new URL(url);
  const path = decodeURIComponent(pathname.slice(1));
  const bucketInHost = VIRTUAL_HOST.exec(hostname)?.[1];
  if (bucketInHost) return path ? { bucket: bucketInHost, key: path } : undefined;
  if (!PATH_HOST.test(hostname)) return;
  const [bucket, ...key] = path.split('/');
  return bucket && key.join('/') ? { bucket, key: key.join('/') } : undefined;
};

const S3_HOST = String.raw`s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com`;
const VIRTUAL_HOST = new RegExp(`^(.+)\\.${S3_HOST}$`);
const PATH_HOST = new RegExp(`^(?:${S3_HOST}|127\\.0\\.0\\.1|localhost)$`);
