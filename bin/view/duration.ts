/** `87 ms`, `2.4 s`, `48 s`, `3 min 05 s`, `2 h 04 min`: short enough for a column, exact enough to compare. */
export const duration = (millis: number): string => {
  const known = Math.max(0, millis);
  if (known < 99.5) return `${Math.round(known)} ms`;
  if (known < 9_950) return `${(known / 1000).toFixed(1)} s`;
  const seconds = Math.round(known / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
};

/** Between two ISO times; up to now where there is no second one. Undefined when it has not begun. */
export const elapsed = (from: string | undefined, to: string | undefined, now: number): string | undefined =>
  from === undefined ? undefined : duration((to === undefined ? now : Date.parse(to)) - Date.parse(from));

const pad = (count: number) => String(count).padStart(2, '0');
