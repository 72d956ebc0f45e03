import { isCollection, isScalar, type Node, visit, type YAMLError } from 'yaml';
import { offsetOf, type ParsedDocument } from './place-of.ts';

export interface SyntaxFault {
  readonly offset: number;
  readonly message: string;
}

export const nestedTooDeeply = 'is nested too deeply to be read';

/** Aliases that may be written out; an "anchor bomb" needs thousands. */
const maxAliases = 100;

/** Everything that keeps a text from being read at all, or that a configuration cannot mean. */
export const syntaxFaults = (path: string, text: string, document: ParsedDocument): readonly SyntaxFault[] => {
  // The parser calls itself for every level, and reports it when the levels exhaust the stack.
  if (document.errors.some(({ message }) => message.includes('call stack')))
    return [{ offset: 0, message: nestedTooDeeply }];
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) return faultsOf(errors);
  if (document.contents === null) return [{ offset: 0, message: 'is empty' }];
  const faults = nodeFaults(document);
  return faults.length > 0 || !path.endsWith('.json') ? faults : jsonFaults(text);
};

type Fault = YAMLError | ParsedDocument['warnings'][number];

/** A file that is indented by tabs has one fault, not one for each of its lines. */
const faultsOf = (errors: readonly Fault[]): readonly SyntaxFault[] => {
  const [tab, ...moreTabs] = errors.filter(({ code }) => code === 'TAB_AS_INDENT');
  const others = errors.filter(({ code }) => code !== 'TAB_AS_INDENT');
  const more =
    moreTabs.length > 0 ? `, here and on ${moreTabs.length} more ${moreTabs.length === 1 ? 'line' : 'lines'}` : '';
  return [
    ...(tab ? [{ offset: tab.pos[0], message: `a tab is used for indentation${more}: use spaces` }] : []),
    ...others.map((error) => ({ offset: error.pos[0], message: syntaxMessage(error) })),
  ];
};

const messages: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  DUPLICATE_KEY: 'the same key stands twice in one mapping',
  MULTIPLE_DOCS: 'a second document starts here: a file holds one',
  TAG_RESOLVE_FAILED: 'tags (!...) are not known here',
};

const syntaxMessage = ({ code, message }: Fault) => messages[code] ?? `cannot be read as YAML: ${message}`;

/** What YAML allows and a configuration cannot mean: keys that are no text, aliases of nothing, alias bombs. */
const nodeFaults = (document: ParsedDocument) => {
  const faults: SyntaxFault[] = [];
  let aliases = 0;
  visit(document, {
    Pair: (_, { key }) => {
      if (!isScalar(key)) faults.push({ offset: offsetOf(key), message: 'a key has to be plain text' });
    },
    Alias: (_, alias) => {
      aliases += 1;
      const offset = offsetOf(alias);
      const target = alias.resolve(document);
      if (!target) faults.push({ offset, message: `no anchor &${alias.source} stands before this alias` });
      // Aliases inside what an anchor names multiply; no configuration needs that.
      else if (holdsAlias(target)) faults.push({ offset, message: 'an anchor may not hold aliases itself' });
      else if (aliases === maxAliases + 1) faults.push({ offset, message: `more than ${maxAliases} aliases` });
    },
  });
  return faults;
};

const holdsAlias = (node: Node): boolean => {
  let found = false;
  if (isCollection(node))
    visit(node, {
      Alias: () => {
        found = true;
        return visit.BREAK;
      },
    });
  return found;
};

/** YAML forgives what JSON does not, such as comments and a last comma. */
const jsonFaults = (text: string): readonly SyntaxFault[] => {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const offset = Number(/position (\d+)/.exec(error.message)?.[1] ?? 0);
    return [{ offset, message: `cannot be read as JSON: ${error.message}` }];
  }
};
