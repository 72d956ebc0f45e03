import * as z from 'zod';
import { dashedNameSchema } from '../application/name-patterns.ts';
import { exactlyOneOf, own } from '../configuration/schema-hints.ts';
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

const targetSchema = exactlyOneOf(
  ['branch', 'tag'],
  z.strictObject({
    branch: own(
      globsSchema.optional(),
      'Branches whose pushes are deployed: a glob, or a list of which the last that fits decides.',
    ),
    tag: own(globsSchema.optional(), 'Tags that are deployed, likewise.'),
    environment: own(dashedNameSchema, 'Where to.'),
    application: own(
      z
        .string()
        .regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+\.(ya?ml|json)$/, 'expected the path of a .yaml, .yml or .json file')
        .optional(),
      'Path of the application file; ext/o5/app.yaml, ext/o5/app.yml, o5.yaml and o5.yml are tried when it is left out.',
    ),
  }),
);

/** A repository and where its pushes go. */
export const repositorySchema = z.strictObject({
  owner: own(z.string().regex(/^[\w.-]+$/, 'expected the login of its owner'), 'Login of its owner.'),
  name: own(z.string().regex(/^[\w.-]+$/, 'expected the name without its owner'), 'Name without its owner.'),
  id: own(githubIdSchema, 'Number that GitHub gave the repository.'),
  installationId: own(githubIdSchema, "Number of the GitHub App's installation there."),
  checksEnabled: own(z.boolean().default(true), 'Shows on the commit how its deployments go.'),
  targets: own(z.array(targetSchema).default([]), 'Which pushes are deployed, and where.'),
});

export type RepositoryConfiguration = z.output<typeof repositorySchema>;
