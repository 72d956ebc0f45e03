import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { manifest } from '../../functions/manifest.ts';

/** CommonJS packages inside an ES module still look for what CommonJS gives them. */
const COMMONJS = [
  "import { createRequire } from 'node:module';",
  'const require = createRequire(import.meta.url);',
  'const __filename = import.meta.filename;',
  'const __dirname = import.meta.dirname;',
].join('');

/** Bundles every handler in one esbuild call: `{outdir}/{name}/{name}.mjs` and the row's extra files beside it. */
export const bundleFunctions = async (root: string, outdir: string): Promise<void> => {
  await build({
    absWorkingDir: root,
    entryPoints: manifest.map(({ name }) => ({ in: `functions/handlers/${name}.ts`, out: `${name}/${name}` })),
    outdir,
    bundle: true,
    minify: true,
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    banner: { js: COMMONJS },
    // pg looks for its native half, which nobody has, at run time.
    external: ['pg-native'],
    logLevel: 'warning',
  });
  for (const { name, extraFiles = [] } of manifest) {
    mkdirSync(join(outdir, name), { recursive: true });
    for (const file of extraFiles) copyFileSync(join(root, 'node_modules', file), join(outdir, name, basename(file)));
  }
};
