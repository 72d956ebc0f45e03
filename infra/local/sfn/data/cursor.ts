/** A place in a text that is being read from left to right. */
export class Cursor {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  atEnd(): boolean {
    return this.position >= this.text.length;
  }

  sees(token: string): boolean {
    return this.text.startsWith(token, this.position);
  }

  take(token: string): boolean {
    if (!this.sees(token)) return false;
    this.position += token.length;
    return true;
  }

  expect(token: string): void {
    if (!this.take(token)) throw this.error(`"${token}"`);
  }

  /** Takes what a sticky expression matches here, if it does. */
  match(expression: RegExp): string | undefined {
    expression.lastIndex = this.position;
    const found = expression.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  skipSpace(): void {
    this.match(/\s*/y);
  }

  /** A string in single or double quotes, a backslash standing before what it escapes; undefined where none begins. */
  quoted(): string | undefined {
    const raw = this.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/sy);
    return raw?.slice(1, -1).replace(/\\(.)/gs, '$1');
  }

  error(expected: string): SyntaxError {
    return new SyntaxError(`expected ${expected} at character ${this.position + 1} of "${this.text}"`);
  }
}
