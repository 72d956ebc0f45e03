/** Time that leaps to whatever is due next: an hour of queues takes a second. */
export interface VirtualTime {
  now(): number;
  after(millis: number): Promise<void>;
  /** Ends when nothing is due any more. */
  run(): Promise<void>;
}

interface Due {
  readonly at: number;
  readonly order: number;
  readonly resolve: () => void;
}

export const virtualTime = (start: number): VirtualTime => {
  let now = start;
  let order = 0;
  const heap: Due[] = [];
  return {
    now: () => now,
    after: (millis) => new Promise((resolve) => push(heap, { at: now + millis, order: order++, resolve })),
    run: async () => {
      for (let next = pop(heap); next; next = pop(heap)) {
        now = next.at;
        next.resolve();
        // Whoever was woken goes on until it waits for time again.
        await new Promise(setImmediate);
      }
    },
  };
};

const isBefore = (a: Due, b: Due) => a.at < b.at || (a.at === b.at && a.order < b.order);

const push = (heap: Due[], due: Due): void => {
  let place = heap.push(due) - 1;
  for (;;) {
    const above = (place - 1) >> 1;
    const parent = heap[above];
    if (place === 0 || !parent || !isBefore(due, parent)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = due;
};

const pop = (heap: Due[]): Due | undefined => {
  const [first] = heap;
  const last = heap.pop();
  if (!last || heap.length === 0) return first;
  let place = 0;
  for (;;) {
    const left = 2 * place + 1;
    const [a, b] = [heap[left], heap[left + 1]];
    const child = b && a && isBefore(b, a) ? left + 1 : left;
    const smaller = heap[child];
    if (!smaller || !isBefore(smaller, last)) break;
    heap[place] = smaller;
    place = child;
  }
  heap[place] = last;
  return first;
};
