import { createHash } from 'node:crypto';
import { transformSync, version } from 'esbuild';

/** The whole transform: types off, ESM kept, source maps inline so that failures name the TypeScript line. */
export default {
  process: (source, path) =>
    transformSync(source, { loader: 'ts', format: 'esm', target: 'node24', sourcefile: path, sourcemap: 'inline' }),
  getCacheKey: (source, path) => createHash('sha256').update(`${version}\0${path}\0${source}`).digest('hex'),
};
