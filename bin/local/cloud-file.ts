import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';

const cloudFileSchema = z.strictObject({
  repositories: z.array(
    z.strictObject({ owner: z.string(), name: z.string(), id: z.int(), defaultBranch: z.string() }),
  ),
  images: z.array(
    z.union([
      z.strictObject({ name: z.string(), repository: z.string(), folder: z.string() }),
      z.strictObject({ name: z.string(), program: z.string() }),
    ]),
  ),
  gitHubApp: z.strictObject({ id: z.int(), installationId: z.int() }),
});

/** What the embedded cloud is told: repositories of its GitHub, and the images that come from them. */
export type CloudFile = z.infer<typeof cloudFileSchema>;

/** @throws ZodError with the place of everything that is wrong. */
export const readCloudFile = (path: string): CloudFile => cloudFileSchema.parse(parse(readFileSync(path, 'utf8')));
