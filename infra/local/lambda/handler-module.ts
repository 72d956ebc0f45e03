import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Task } from './runner.ts';

/**
 * Where a handler (`folder/file.export`) lies: the address of its module, made its own by the instance, and the export.
 * Undefined when the asset has no such file.
 */
export const moduleOf = ({
  folder,
  handler,
  instance,
}: Pick<Task, 'folder' | 'handler' | 'instance'>): { module: string; exportName: string } | undefined => {
  const dot = handler.lastIndexOf('.');
  const file = handler.slice(0, dot);
  const path = ['.mjs', '.js', '.cjs'].map((ending) => join(folder, file + ending)).find((one) => existsSync(one));
  if (!path) return undefined;
  return { module: `${pathToFileURL(path)}?${encodeURIComponent(instance)}`, exportName: handler.slice(dot + 1) };
};
