import { userInfo } from 'node:os';

export const actorOption = { value: 'NAME', says: 'who you are, for the records (your user name)' } as const;

/** Who acts: as said, else the user of the operating system; containers have users without a name. */
export const actorOf = (values: Readonly<Record<string, string>>): string => {
  if (values['actor']) return values['actor'];
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
};
