import { comparePackages } from '../../match/compare-packages.ts';
import type { Collected, FileFact } from '../../model/collected.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { BaseImage } from '../../model/image.ts';
import type { ImageFacts } from '../../model/image-facts.ts';
import type { Package } from '../../model/package.ts';
import { compareText } from '../../util/compare-text.ts';
import { setuidQuery } from './setuid-query.ts';

/** One difference between an image and what it is held against. */
export interface Change {
  readonly what: string;
  readonly how: 'added' | 'removed' | 'changed' | 'upgraded' | 'downgraded';
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly ecosystem?: string;
  /** purl. */
  readonly package?: string;
}

/** What is told of one thing, by what it is called. */
type Told = ReadonlyMap<string, string>;

/** What differs. Of what only one of the two tells, such as what was collected for a policy, nothing is said. */
export function changesBetween(before: Evidence, after: Evidence): Change[] {
  return [
    ...one('manifest', before.target.digest ?? before.target.id, after.target.digest ?? after.target.id),
    ...one('base', baseText(before.target.base), baseText(after.target.base)),
    ...(before.image && after.image ? configChanges(before.image, after.image) : []),
    ...packageChanges(before.packages, after.packages),
    ...licenceChanges(before.packages, after.packages),
    ...(before.collected && after.collected ? collectedChanges(before.collected, after.collected) : []),
  ];
}

function baseText(base: BaseImage | undefined): string {
  return [base?.name, base?.digest].filter((text) => text !== undefined).join('@');
}

function configChanges(before: ImageFacts, after: ImageFacts): Change[] {
  const command = (words: readonly string[]): string => words.join(' ');
  return [
    ...one('user', before.user, after.user),
    ...one('entrypoint', command(before.entrypoint), command(after.entrypoint)),
    ...one('cmd', command(before.cmd), command(after.cmd)),
    ...one('workdir', before.workingDir, after.workingDir),
    ...many('env', environment(before), environment(after)),
    ...many('port', named(before.ports), named(after.ports)),
    ...many('label', new Map(Object.entries(before.labels)), new Map(Object.entries(after.labels))),
    ...many('volume', named(before.volumes), named(after.volumes)),
    ...one('healthcheck', command(before.healthcheck), command(after.healthcheck)),
    ...one('stop-signal', before.stopSignal, after.stopSignal),
  ];
}

function environment({ env }: ImageFacts): Told {
  return new Map(env.map(({ name, value, secret }) => [name, secret ? '***' : value]));
}

function named(names: readonly string[]): Told {
  return new Map(names.map((name) => [name, name]));
}

function packageChanges(before: readonly Package[], after: readonly Package[]): Change[] {
  const [old, now] = [byName(before), byName(after)];
  return comparePackages(before, after).map(({ ecosystem, name, before: gone, after: come, change }) => ({
    what: 'package',
    how: change,
    name,
    before: gone.join(', '),
    after: come.join(', '),
    ecosystem,
    package: (come.length > 0 ? now : old).get(keyOf(ecosystem, name, (come[0] ?? gone[0]) as string))?.purl ?? '',
  }));
}

function byName(packages: readonly Package[]): Map<string, Package> {
  return new Map(packages.map((found) => [keyOf(found.ecosystem, found.name, found.version), found]));
}

function keyOf(...parts: readonly string[]): string {
  return parts.join('\0');
}

/** Of packages that are in both, in whatever version, the licences that they state. */
function licenceChanges(before: readonly Package[], after: readonly Package[]): Change[] {
  const [old, now] = [licencesOf(before), licencesOf(after)];
  const changes: Change[] = [];
  for (const [key, { found, licences }] of now) {
    const known = old.get(key);
    if (!known) continue;
    const [was, is] = [known.licences, licences].map((texts) => [...texts].sort().join(', ')) as [string, string];
    const [change] = one('licence', was, is);
    if (change) changes.push({ ...change, name: found.name, ecosystem: found.ecosystem, package: found.purl });
  }
  return changes.sort((a, b) => compareText(a.ecosystem ?? '', b.ecosystem ?? '') || compareText(a.name, b.name));
}

function licencesOf(packages: readonly Package[]): Map<string, { found: Package; licences: Set<string> }> {
  const all = new Map<string, { found: Package; licences: Set<string> }>();
  for (const found of packages) {
    if (found.presence === 'declared') continue;
    const key = keyOf(found.ecosystem, found.name);
    const known = all.get(key) ?? { found, licences: new Set() };
    if (found.license) known.licences.add(found.license);
    all.set(key, known);
  }
  return all;
}

function collectedChanges(before: Collected, after: Collected): Change[] {
  const has = ({ queries }: Collected): boolean => queries.includes(setuidQuery.id);
  const certificates = (of: Collected): Told =>
    new Map((of.certificates ?? []).map(({ subject, fingerprint }) => [`${subject}\0${fingerprint}`, fingerprint]));
  const accounts = (of: Collected): Told =>
    new Map(
      (of.accounts ?? []).map(({ name, uid, gid, shell, groups, password }) => [
        name,
        `uid ${uid}, gid ${gid}, groups ${groups.join(' ')}, shell ${shell}, password ${password}`,
      ]),
    );
  return [
    ...(has(before) && has(after) ? many('setuid', setuidFiles(before.files), setuidFiles(after.files)) : []),
    ...(before.certificates && after.certificates
      ? many('certificate', certificates(before), certificates(after)).map((change) => ({
          ...change,
          name: change.name.slice(0, change.name.indexOf('\0')),
        }))
      : []),
    ...(before.accounts && after.accounts ? many('account', accounts(before), accounts(after)) : []),
  ];
}

function setuidFiles(files: readonly FileFact[]): Told {
  const found = files.filter(({ kind, mode }) => kind === 'file' && (mode & 0o6000) !== 0);
  return new Map(found.map(({ path, mode, uid, gid }) => [path, `${mode.toString(8)} of ${uid}:${gid}`]));
}

/** The difference of what there is at most one of. */
function one(what: string, before = '', after = ''): Change[] {
  return before === after ? [] : [{ what, how: howOf(before, after), name: what, before, after }];
}

/** The differences of what has names, sorted by these. */
function many(what: string, before: Told, after: Told): Change[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  return names.flatMap((name) => {
    const [was, is] = [before.get(name), after.get(name)];
    if (was === is) return [];
    const how = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    return [{ what, how, name, before: was ?? '', after: is ?? '' } as const];
  });
}

function howOf(before: string, after: string): Change['how'] {
  if (before === '') return 'added';
  return after === '' ? 'removed' : 'changed';
}
