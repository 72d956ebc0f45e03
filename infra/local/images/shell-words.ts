export type Variables = Readonly<Record<string, string>>;

interface LexOptions {
  /** Whether blanks outside quotes part the words; else everything is one word. */
  readonly split: boolean;
  readonly escaping: string;
}

/** Words as a Dockerfile instruction has them: quotes and escapes taken off, variables put in (not within single quotes). */
export const shellWords = (text: string, variables: Variables, escaping = '\\'): string[] =>
  lex(text, variables, { split: true, escaping });

/** The whole text as one word. */
export const shellWord = (text: string, variables: Variables, escaping = '\\'): string =>
  lex(text, variables, { split: false, escaping })[0] ?? '';

const lex = (text: string, variables: Variables, { split, escaping }: LexOptions): string[] => {
  const words: string[] = [];
  let word: string | undefined;
  for (const token of tokensOf(text, escaping)) {
    if (token.kind === 'blank' && split) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + pieceOf(token, variables);
  }
  return word === undefined ? words : [...words, word];
};

const pieceOf = ({ kind, text }: Token, variables: Variables): string => {
  if (kind === 'quote') return '';
  return kind === 'variable' ? expanded(text, variables) : text;
};

const tokensOf = (text: string, escaping: string): Token[] => {
  const tokens: Token[] = [];
  let quote = '';
  for (let at = 0; at < text.length; ) {
    const token = tokenAt(text, at, quote, escaping);
    if (token.kind === 'quote') quote = quote ? '' : token.text;
    tokens.push(token);
    at += token.length;
  }
  return tokens;
};

interface Token {
  readonly kind: 'quote' | 'variable' | 'blank' | 'text';
  readonly text: string;
  readonly length: number;
}

const tokenAt = (text: string, at: number, quote: string, escaping: string): Token => {
  const character = text.charAt(at);
  if (character === quote || (!quote && (character === '"' || character === "'")))
    return { kind: 'quote', text: character, length: 1 };
  if (quote === "'") return { kind: 'text', text: character, length: 1 };
  if (character === escaping && at + 1 < text.length) return escaped(text.charAt(at + 1), quote, escaping);
  const variable = character === '$' ? VARIABLE.exec(text.slice(at))?.[0] : undefined;
  if (variable) return { kind: 'variable', text: variable, length: variable.length };
  return { kind: !quote && /\s/.test(character) ? 'blank' : 'text', text: character, length: 1 };
};

/** Within double quotes only `"`, `$` and the escaping itself can be escaped. */
const escaped = (character: string, quote: string, escaping: string): Token => {
  const keeps = quote === '"' && !['"', '$', escaping].includes(character);
  return { kind: 'text', text: keeps ? escaping + character : character, length: 2 };
};

const VARIABLE = /^\$(?:\{\w+(?::[-+][^}]*)?\}|\w+)/;

/** `$a`, `${a}`, `${a:-when unset}`, `${a:+when set}`. */
const expanded = (expression: string, variables: Variables): string => {
  const [, name = '', sign, word = ''] = /^\$\{?(\w+)(?::([-+])([^}]*))?/.exec(expression) ?? [];
  const value = variables[name] ?? '';
  if (sign === '+') return value ? word : '';
  if (sign === '-' && !value) return shellWord(word, variables);
  return value;
};
