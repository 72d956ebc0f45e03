import { readdirSync, readFileSync } from 'node:fs';

/** Other processes whose command line or environment names a text, such as a folder: each with both. */
export const processesNaming = (text: string): readonly string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map((pid) => ['cmdline', 'environ'].map((file) => textOf(`/proc/${pid}/${file}`)).join(' '))
    .filter((found) => found.includes(text));

/** Empty for a process that is gone. */
const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};
