import type { PackageStory } from '../../match/explain/contract.ts';

/** Packages of which the same is to be told: those that one source brought in one layer mostly are. */
export interface StoryGroup {
  /** The first of them, which stands for all. */
  readonly story: PackageStory;
  readonly stories: readonly PackageStory[];
}

/** Packages in their order, those that tell the same together. */
export function groupStories(packages: readonly PackageStory[]): StoryGroup[] {
  const groups = new Map<string, { story: PackageStory; stories: PackageStory[] }>();
  for (const story of packages) {
    const known = groups.get(likenessOf(story));
    if (known) known.stories.push(story);
    else groups.set(likenessOf(story), { story, stories: [story] });
  }
  return [...groups.values()];
}

/** All that is told of a package but what it is called, by itself and in the advisories, and where it stands. */
function likenessOf({
  found,
  outcome,
  from,
  judged,
  lookups,
  records,
  findings,
  standings,
  vex,
}: PackageStory): string {
  const told = findings.map(({ finding, severityBy, risk, gate }) => {
    const { id, severity, severitySource, fixed, fixState, statements, answered, score } = finding;
    return { id, severity, severitySource, fixed, fixState, statements, answered, score, severityBy, risk, gate };
  });
  const said = vex.map(({ package: _package, ...rest }) => rest);
  const looked = lookups.map(({ name: _name, ...rest }) => rest);
  const stands = standings.map(({ name: _name, ...rest }) => rest);
  const { ecosystem, presence, layer } = found;
  return JSON.stringify([ecosystem, presence, layer, outcome, from, judged, looked, records, told, stands, said]);
}
