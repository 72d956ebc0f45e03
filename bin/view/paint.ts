/** Meanings, not colours. */
export type Style = 'strong' | 'dim' | 'good' | 'bad' | 'warn' | 'link';

/** Gives a text the look of its meaning; the plain one leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;
