/**
 * The fewest records, the smallest first, that show everything that any of them shows: each field at each place, and
 * each word of a field that tells variants apart.
 */
export const chooseExamples = (records: readonly unknown[], most: number): readonly unknown[] => {
  const bySize = records.map((record) => ({ record, size: JSON.stringify(record).length, shows: featuresOf(record) }));
  bySize.sort((a, b) => a.size - b.size);
  const shown = new Set<string>();
  const chosen: unknown[] = [];
  while (chosen.length < most) {
    const best = bySize
      .map((each) => ({ ...each, news: each.shows.filter((feature) => !shown.has(feature)).length }))
      .reduce((a, b) => (b.news > a.news ? b : a), {
        record: undefined,
        news: 0,
        shows: [] as readonly string[],
        size: 0,
      });
    if (best.news === 0) break;
    chosen.push(best.record);
    for (const feature of best.shows) shown.add(feature);
  }
  return chosen;
};

/** Fields whose word says which other fields there are. */
const TELLS_APART = /^(kind|type|status|mode|outcome|strategy|ok|told)$/;
/** Fields that hold a map, whose keys are nobody's fields. */
const MAPS = /^(steps|counts|countsBefore|outputs|reservations|images|migrations|migratorRoles|detail|output)$/;
/** Templates are CloudFormation's business. */
const OPAQUE = /^template$/;

const featuresOf = (value: unknown, path = ''): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((each) => featuresOf(each, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, each]) => {
    const field = MAPS.test(path.split('.').at(-1) ?? '') ? '*' : name;
    const place = `${path}.${field}`;
    if (OPAQUE.test(name)) return [place];
    return TELLS_APART.test(name) && typeof each !== 'object' ? [`${place}=${String(each)}`] : featuresOf(each, place);
  });
};
