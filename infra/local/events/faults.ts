import type { Delivery } from './delivery.ts';

/** What a network may do to deliveries; for tests. */
export type Fault = {
  readonly matches: (delivery: Delivery) => boolean;
  /** How many deliveries it strikes; all of them when left out. */
  readonly times?: number;
} & (
  | { readonly kind: 'drop' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'delay'; readonly millis: number }
  /** Holds a delivery back until the next one that matches has overtaken it, or a minute has passed. */
  | { readonly kind: 'reorder' }
);

const HELD_MILLIS = 60_000;

export interface Struck {
  readonly deliveries: readonly Delivery[];
  /** One that was held back and may go now, right after these. */
  readonly released?: string;
}

/** Applies the first fault that matches; deterministic, with nothing random in it. */
export const eventFaults = () => {
  const faults = new Set<{ fault: Fault; left: number; held?: string }>();
  return {
    /** Starts a fault; the result ends it. */
    inject: (fault: Fault): (() => void) => {
      const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
      faults.add(entry);
      return () => faults.delete(entry);
    },
    strike: (delivery: Delivery): Struck => {
      const entry = [...faults].find(
        ({ fault, left, held }) => (left > 0 || held !== undefined) && fault.matches(delivery),
      );
      if (!entry) return { deliveries: [delivery] };
      const { fault, held } = entry;
      if (fault.kind === 'reorder' && held !== undefined) {
        delete entry.held;
        return { deliveries: [delivery], released: held };
      }
      entry.left -= 1;
      if (fault.kind === 'drop') return { deliveries: [] };
      if (fault.kind === 'duplicate') return { deliveries: [delivery, { ...delivery, id: `${delivery.id}-again` }] };
      const millis = fault.kind === 'delay' ? fault.millis : HELD_MILLIS;
      if (fault.kind === 'reorder') entry.held = delivery.id;
      return { deliveries: [{ ...delivery, dueAtMillis: delivery.dueAtMillis + millis }] };
    },
  };
};
