import type { RepositoryConfiguration } from './repository.ts';

/** A configured repository as it is stored: the globs of a target become globs over whole refs in one text. */
export const repositoryFrom = ({ targets, ...repository }: RepositoryConfiguration) => ({
  ...repository,
  targets: targets.map(({ branch, tag, environment, application }) => ({
    repositoryId: repository.id,
    ref: refGlobs(branch ? 'refs/heads/' : 'refs/tags/', branch ?? tag ?? []),
    environment,
    ...(application !== undefined && { application }),
  })),
});

/** `!alpha*` becomes `!refs/heads/alpha*`; ref names hold no blanks, so a blank separates. */
const refGlobs = (prefix: string, globs: readonly string[]) =>
  globs.map((glob) => (glob.startsWith('!') ? `!${prefix}${glob.slice(1)}` : `${prefix}${glob}`)).join(' ');
