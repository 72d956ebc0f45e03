/** One instruction of a Dockerfile with the line it starts on; continuation lines are joined, here-documents left out. */
export interface Instruction {
  readonly line: number;
  readonly name: string;
  readonly text: string;
}

export interface InstructionList {
  readonly instructions: readonly Instruction[];
  /** The character that escapes and continues lines: `\`, or what `# escape=` names. */
  readonly escaping: string;
}

/** @throws Error naming the line that is no instruction */
export const instructionsOf = (dockerfile: string): InstructionList => {
  const lines = dockerfile.replace(/^\uFEFF/, '').split(/\r?\n/);
  const escaping = /^#\s*escape\s*=\s*(\S)/im.exec(leadingComments(lines))?.[1] ?? '\\';
  const instructions: Instruction[] = [];
  for (let at = 0; at < lines.length; ) {
    const { text, next } = logicalLine(lines, at, escaping);
    if (text !== '') instructions.push(instructionFrom(text, at + 1));
    at = afterHereDocuments(lines, next, text);
  }
  return { instructions, escaping };
};

const leadingComments = (lines: readonly string[]) => {
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines.slice(0, end < 0 ? lines.length : end).join('\n');
};

const logicalLine = (lines: readonly string[], start: number, escaping: string): { text: string; next: number } => {
  let text = '';
  for (let at = start; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').trimEnd();
    if (/^\s*(#.*)?$/.test(line)) {
      if (text === '') return { text, next: at + 1 };
      continue;
    }
    if (!line.endsWith(escaping)) return { text: (text + line).trim(), next: at + 1 };
    text += line.slice(0, -1);
  }
  return { text: text.trim(), next: lines.length };
};

const HERE_DOCUMENT = /<<(-?)(["']?)(\w+)\2/g;

const afterHereDocuments = (lines: readonly string[], next: number, text: string): number => {
  if (!/^(RUN|COPY|ADD)\s/i.test(text)) return next;
  let at = next;
  for (const [, dash, , end] of text.matchAll(HERE_DOCUMENT)) {
    while (at < lines.length && (dash ? lines[at]?.replace(/^\t+/, '') : lines[at]) !== end) at += 1;
    at += 1;
  }
  return at;
};

const KNOWN = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

const instructionFrom = (text: string, line: number): Instruction => {
  const [, word = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const name = word.toUpperCase();
  if (!KNOWN.has(name)) throw new Error(`Dockerfile line ${line}: unknown instruction ${word}`);
  return { line, name, text: rest };
};
