import { nearest } from '../../functions/domain/configuration/nearest.ts';

/** Text by the name of its marker. */
export type Pieces = Readonly<Record<string, () => string>>;

const MARKED = /(<!-- generated:([\w-]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g;

/**
 * The document with the text between each `<!-- generated:NAME -->` and `<!-- /generated -->` made anew.
 * @throws Error for a marker that nothing is generated for, or that is opened and not closed.
 */
export const rewrite = (path: string, document: string, pieces: Pieces): string => {
  const opened = document.match(/<!-- generated:/g)?.length ?? 0;
  const closed = document.match(MARKED)?.length ?? 0;
  if (opened !== closed)
    throw new Error(`${path}: ${opened - closed} of its markers are not closed by <!-- /generated -->`);
  return document.replaceAll(MARKED, (_all, open: string, name: string, close: string) => {
    const piece = pieces[name];
    if (!piece) throw new Error(unknown(path, name, Object.keys(pieces)));
    return `${open}\n${piece()}\n\n${close}`;
  });
};

const unknown = (path: string, name: string, known: readonly string[]): string => {
  const meant = nearest(name, known);
  return `${path}: nothing is generated for ${name}${meant ? `; did you mean ${meant}?` : `; known: ${known.join(', ')}`}`;
};
