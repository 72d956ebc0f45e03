import { copyFileSync, linkSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { manifest } from '../../functions/manifest.ts';

/** CommonJS packages inside an ES module still look for what CommonJS gives them. */
const COMMONJS = [
  "import { createRequire } from 'node:module';",
  'const require = createRequire(import.meta.url);',
  'const __filename = import.meta.filename;',
  'const __dirname = import.meta.dirname;',
].join('');

/**
 * Bundles every handler in one esbuild call, and lays out `{outdir}/{name}/`: the handler, just the chunks that it
 * reaches, and the row's extra files beside them. What functions share is linked once: a seventh of the time and of the
 * memory that 27 bundles by themselves would take.
 */
export const bundleFunctions = async (root: string, outdir: string): Promise<void> => {
  const all = join(outdir, 'all');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: manifest.map(({ name }) => ({ in: `functions/handlers/${name}.ts`, out: name })),
    outdir: all,
    bundle: true,
    splitting: true,
    // Beside the handlers: a library that reads a file next to its own code finds it there.
    chunkNames: 'chunk-[hash]',
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
    metafile: true,
    logLevel: 'warning',
  });
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  for (const { name, extraFiles = [] } of manifest) {
    const folder = join(outdir, name);
    mkdirSync(folder, { recursive: true });
    for (const file of reached(outputs, `${name}.mjs`)) {
      linkSync(join(all, file), join(folder, file));
      if (outputs.has(`${file}.map`)) linkSync(join(all, `${file}.map`), join(folder, `${file}.map`));
    }
    for (const file of extraFiles) copyFileSync(join(root, 'node_modules', file), join(folder, basename(file)));
  }
};

type Outputs = ReadonlyMap<string, Metafile['outputs'][string]>;

/** A handler and every chunk that it imports, however indirectly. */
const reached = (outputs: Outputs, entry: string): ReadonlySet<string> => {
  const found = new Set<string>();
  const walk = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    for (const { path, external } of outputs.get(file)?.imports ?? []) if (!external) walk(basename(path));
  };
  walk(entry);
  return found;
};
