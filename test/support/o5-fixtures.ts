import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from '@jest/globals';

/** Real application files; they lie beside the repository and never in it. */
const folder = fileURLToPath(new URL('../../../shared/fixtures/o5/', import.meta.url));

export const fixture = (name: string): string => readFileSync(`${folder}${name}.yaml`, 'utf8');

export const hasFixtures = existsSync(folder);

/** A test over the fixtures; skipped, by the name of what is missing, where they are absent. */
export const testWithFixtures = (title: string, run: () => void | Promise<void>): void =>
  hasFixtures ? test(title, run) : test.skip(`${title} (missing: ../shared/fixtures/o5)`, run);
