/** Where an event leads: to one status, or to one per case where the data of the record or event decides. */
export type Target<Status extends string> = Status | Readonly<Record<string, Status>>;

/**
 * A transition table: status x event -> status. An event that a row does not name is refused there. `NONE` is the row
 * of what does not exist yet; a status whose row holds nothing but an automatic event is passed through, never stored.
 */
export type Transitions<Status extends string, Event extends string> = Readonly<
  Record<Status | 'NONE', Readonly<Partial<Record<Event, Target<Status>>>>>
>;

/** The statuses in which a table takes an event: what a stored record must show for the write to be made. */
export const allowedFrom = <Status extends string, Event extends string>(
  table: Transitions<Status, Event>,
  statuses: readonly Status[],
  event: Event,
): readonly Status[] => statuses.filter((status) => table[status][event] !== undefined);

/**
 * The status that an event leads to, undefined where the table does not take it.
 * @throws Error when the cell asks for a case and `choice` is none of them: a mistake in the code, not in the data.
 */
export const targetOf = <Status extends string, Event extends string>(
  table: Transitions<Status, Event>,
  from: Status | 'NONE',
  event: Event,
  choice?: string,
): Status | undefined => {
  const target: Target<Status> | undefined = table[from][event];
  if (target === undefined || typeof target === 'string') return target;
  const chosen = choice === undefined ? undefined : target[choice];
  if (!chosen)
    throw new Error(`${from} x ${event} knows the cases ${Object.keys(target).join(', ')}, not ${choice ?? '(none)'}`);
  return chosen;
};
