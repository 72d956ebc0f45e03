import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';

/** The repository's root. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** One import, types included: `to` is a path of the repository, or the name of a package (`node:fs`, `zod`). */
export interface Import {
  readonly from: string;
  readonly to: string;
  readonly kind: 'value' | 'type';
}

/** Every source file of the four folders that are shipped, relative to the root. */
export const sourceFiles = (): readonly string[] =>
  globSync('{bin,infra,functions,statemachines}/**/*.{ts,mjs}', { cwd: ROOT })
    .filter((path) => !path.endsWith('.d.ts'))
    .sort();

export const sourceOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** What esbuild follows, which is what runs; and beside it what only the compiler sees. */
export const importGraph = async (): Promise<readonly Import[]> => {
  const entryPoints = [...sourceFiles()];
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir: 'nowhere',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
  const values = Object.entries(metafile.inputs).flatMap(([from, { imports }]) =>
    imports.map(({ path }) => ({ from, to: path, kind: 'value' as const })),
  );
  return [...values, ...entryPoints.flatMap(typeImports)];
};

/** esbuild drops `import type` before it looks where it leads. */
const typeImports = (from: string): readonly Import[] =>
  [...sourceOf(from).matchAll(/^(?:import|export) type [^;]*? from '([^']+)';/gm)].map(([, name = '']) => ({
    from,
    to: name.startsWith('.') ? relative(ROOT, join(ROOT, dirname(from), name)) : name,
    kind: 'type',
  }));

/** A circle of files that import each other, as a path that ends where it begins; undefined when there is none. */
export const findCircle = (imports: readonly Import[]): readonly string[] | undefined => {
  const targets = new Map<string, string[]>();
  for (const { from, to, kind } of imports) if (kind === 'value') targets.set(from, [...(targets.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of targets.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of targets.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
};
