import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { pieces } from '../bin/docs/pieces.ts';
import { rewrite } from '../bin/docs/rewrite.ts';
import { manifest } from '../functions/manifest.ts';
import { transient } from '../statemachines/retries.ts';
import { ROOT, sourceFiles, sourceOf } from './support/import-graph.ts';

const documents = globSync(['README.md', 'docs/**/*.md', 'infra/local/**/*.md'], { cwd: ROOT }).sort();

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

test.each(documents)('%s is in sync with the code; if not, npm run docs mends it', (path) => {
  expect(rewrite(path, textOf(path), pieces)).toBe(textOf(path));
});

test('everything that can be generated stands in a document', () => {
  const text = documents.map(textOf).join('\n');
  expect(Object.keys(pieces).filter((name) => !text.includes(`<!-- generated:${name} -->`))).toEqual([]);
});

test('only what stands between the marks is written anew', () => {
  const document = 'before\n<!-- generated:a -->\nold\n<!-- /generated -->\nafter\n';
  expect(rewrite('x.md', document, { a: () => 'new' })).toBe(
    'before\n<!-- generated:a -->\n\nnew\n\n<!-- /generated -->\nafter\n',
  );
});

test('a mark that nothing is generated for is refused with the nearest name', () => {
  const document = '<!-- generated:stack-statsu -->\n<!-- /generated -->\n';
  expect(() => rewrite('x.md', document, { 'stack-status': () => '' })).toThrow(
    'x.md: nothing is generated for stack-statsu; did you mean stack-status?',
  );
});

test('a mark that is not closed is refused', () => {
  expect(() => rewrite('x.md', '<!-- generated:a -->\n', { a: () => '' })).toThrow('x.md: 1 of its markers');
});

test('the table of functions has a line for every row', () => {
  const lines = pieces['functions']?.().split('\n') ?? [];
  expect(lines.slice(2).map((line) => /`([\w-]+)`/.exec(line)?.[1])).toEqual(manifest.map(({ name }) => name));
});

test.each(documents)('every relative link of %s leads to a file', (path) => {
  const links = [...withoutCode(textOf(path)).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !existsSync(join(ROOT, dirname(path), link)))).toEqual([]);
});

test('every part of the embedded cloud has its page, and the overview leads to it', () => {
  const parts = globSync('infra/local/*/', { cwd: ROOT, exclude: ['**/wire/'] }).map(
    (path) => path.split('/')[2] ?? '',
  );
  expect(parts).toContain('sfn');
  const overview = textOf('infra/local/README.md');
  expect(parts.filter((part) => !overview.includes(`(${part}/README.md)`))).toEqual([]);
});

/** Names that no end of a deployment carries: a caller decides by them what it does next. */
const unseen = new Set(['NoSuchStack', 'Held', 'NotNext', 'NotQueued', 'Running', 'Answered']);

test('the runbook has a heading for every reason that an operator can see, and for no other', () => {
  const sources = sourceFiles().filter((file) => file.startsWith('functions/') || file.startsWith('statemachines/'));
  const named =
    /\b(?:code|error): (?:\w+ \? )?'([A-Z][a-z]\w+)'(?: : '([A-Z]\w+)')?|new Transient\(\s*'([A-Z]\w+)'|\brefused\(\s*'([A-Z]\w+)'/g;
  const codes = [
    // Ours: those of AWS have a dot or are Lambda's.
    ...transient.ErrorEquals.filter((name) => !name.includes('.')),
    ...sources
      .flatMap((file) => [...sourceOf(file).matchAll(named)].flatMap((match) => match.slice(1)))
      .filter((code): code is string => code !== undefined && !unseen.has(code)),
  ];
  const headings = [...textOf('docs/runbook.md').matchAll(/^## (\w+)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual([...new Set(codes)].sort());
});

const withoutCode = (text: string): string => text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '');
