/** A statement as the port `SqlRunner` takes it. */
export interface Statement {
  readonly text: string;
  readonly values?: readonly (string | number | boolean | null | readonly string[])[];
}

/** A block that PostgreSQL runs as one statement: what plain SQL cannot say conditionally. */
export const block = (body: string): Statement => ({ text: `DO $slipway$\n${body}\n$slipway$` });
