import type { Output } from '../../../bin/output.ts';

/** Nowhere: for commands whose lines somebody else takes. */
export const plain: Output = { line: () => {}, aside: () => {}, paint: (_style, text) => text, screen: undefined };
