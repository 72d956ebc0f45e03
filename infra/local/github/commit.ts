export interface Person {
  readonly name: string;
  readonly email: string;
  /** ISO 8601 with the offset of the place. */
  readonly date: string;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

/** For `git log -z`: fields behind unit separators, the message last. */
export const LOG_FORMAT = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'].join('%x1f');

export const commitsFrom = (log: Buffer): Commit[] => log.toString('utf8').split('\0').filter(Boolean).map(commitFrom);

/** Of one record of a log. */
export const commitFrom = (record: string): Commit => {
  const [sha = '', tree = '', parents = '', an = '', ae = '', ad = '', cn = '', ce = '', cd = '', ...message] =
    record.split('\x1f');
  return {
    sha,
    tree,
    parents: parents.split(' ').filter(Boolean),
    author: { name: an, email: ae, date: ad },
    committer: { name: cn, email: ce, date: cd },
    message: message.join('\x1f').replace(/\n+$/, ''),
  };
};
