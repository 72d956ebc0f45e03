import { stringify } from 'yaml';

/**
 * A document as YAML in which CloudFormation reads the same: it goes by YAML 1.1, where `on`, `22:22` and `2010-09-09`
 * are no texts unless they are quoted, and it takes no aliases.
 */
export const yamlText = (document: unknown): string =>
  stringify(document, { version: '1.1', aliasDuplicateObjects: false, lineWidth: 0 });
