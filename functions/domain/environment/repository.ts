import * as z from 'zod';
import { dashedNameSchema } from '../application/name-patterns.ts';
import { exactlyOneOf } from '../configuration/schema-hints.ts';
import { globFaults } from '../glob.ts';

/** GitHub's ids are numbers that we only compare; YAML may hold them with or without quotes. */
const githubIdSchema = z
  .union([z.string(), z.int()], 'expected the number that GitHub gave it')
  .transform(String)
  .pipe(z.string().regex(/^[1-9]\d*$/, 'expected the number that GitHub gave it'));

/** One glob or a list of them, the last that matches decides. */
const globsSchema = z
  .union([z.string(), z.array(z.string()).min(1)], 'expected a glob or a list of globs')
  .transform((globs) => (typeof globs === 'string' ? [globs] : globs))
  .superRefine((globs, context) => {
    for (const fault of globFaults(globs)) context.addIssue({ code: 'custom', message: `not a glob: ${fault}` });
    // Ref names have no blanks, and stored patterns are separated by them.
    if (globs.some((glob) => /\s/.test(glob))) context.addIssue({ code: 'custom', message: 'globs hold no blanks' });
  });

const targetSchema = z
  .strictObject({
    branch: globsSchema.optional(),
    tag: globsSchema.optional(),
    environment: dashedNameSchema,
    /** Path of the application file; the four known paths are tried when it is left out. */
    application: z
      .string()
      .regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+\.(ya?ml|json)$/, 'expected the path of a .yaml, .yml or .json file')
      .optional(),
  })
  .superRefine(exactlyOneOf(['branch', 'tag']));

/** A repository and where its pushes go. */
export const repositorySchema = z.strictObject({
  owner: z.string().regex(/^[\w.-]+$/, 'expected the login of its owner'),
  name: z.string().regex(/^[\w.-]+$/, 'expected the name without its owner'),
  id: githubIdSchema,
  installationId: githubIdSchema,
  checksEnabled: z.boolean().default(true),
  targets: z.array(targetSchema).default([]),
});

export type RepositoryConfiguration = z.output<typeof repositorySchema>;
