import type { Ecosystem } from '../../ecosystem/contract.ts';
import { commandsFor } from '../../format/lock/commands.ts';
import type { BaseChange, Bump, Change } from '../../match/fix/contract.ts';
import { effectsOf } from '../../match/fix/effects.ts';
import { leavesMajor } from '../../match/fix/versions.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Package } from '../../model/package.ts';
import { baseName } from '../../util/path.ts';
import type { Move } from './choose-versions.ts';
import { changeBase, type OpenDockerfile, updatePackages } from './dockerfile-edits.ts';
import { type Along, type Making, manageInPom, moveInFile } from './lock-edits.ts';
import type { Outcome } from './outcome.ts';
import type { SourceFolder } from './source-folder.ts';
import { type Judge, stopsOf, stopTest } from './stops.ts';

/** Most changes for which files of the source are edited: each reads its file anew. */
const mostEdited = 300;

/** The sources of a target, where they are at hand. */
export interface Source {
  readonly folder: SourceFolder;
  /** What its lock files name. Of a source folder that is the target: the packages of the target. */
  readonly packages: readonly Package[];
  /** Whether it is the target itself. */
  readonly isTarget: boolean;
  readonly dockerfile?: string;
}

/** What changes are told from. */
export interface Planning {
  readonly before: Evidence;
  readonly judge: Judge;
  readonly source?: Source | undefined;
  /** What the candidate is pulled by. */
  readonly reference?: string | undefined;
  ecosystemOf(id: string): Ecosystem | undefined;
  /** Told what files of the source move along. */
  onAlong(along: readonly Along[]): void;
}

/** The changes of an outcome: what each ends, and how it is made. Files of the source are edited in memory. */
export function changesOf(outcome: Outcome, making: Planning): Change[] {
  const { ground, moves } = outcome;
  const docker = dockerOf(making.source);
  const changes: Change[] = [];
  if (ground.base) changes.push(baseChange(ground.base, outcome, making, docker));
  const stopsBefore = stopTest(stopsOf(making.judge, ground.evidence));
  const stopsAfter = stopTest(outcome.stops);
  for (const group of together(moves)) {
    const made = group[0]!.unit.distribution ? updatePackages(docker, group, outcome.after) : undefined;
    for (const [at, move] of group.entries()) {
      const { findings } = move.unit;
      const sides = { before: findings, after: move.findings, judged: outcome.after.judged, stopsBefore, stopsAfter };
      const way = made?.[at] ?? (changes.length < mostEdited ? dependencyMaking(move, making) : tooMany(move));
      const { along = [], ...how } = way;
      making.onAlong(along);
      changes.push({ what: bumpOf(move), ...effectsOf(sides), ...how });
    }
  }
  return changes;
}

/** Moves of one distribution's packages are made by one instruction. */
function together(moves: readonly Move[]): Move[][] {
  const groups = new Map<string, Move[]>();
  moves.forEach((move, at) => {
    const key = move.unit.distribution ? move.unit.ecosystem : String(at);
    const known = groups.get(key);
    if (known) known.push(move);
    else groups.set(key, [move]);
  });
  return [...groups.values()];
}

function dockerOf(source: Source | undefined): OpenDockerfile | undefined {
  return source?.dockerfile === undefined ? undefined : { folder: source.folder, path: source.dockerfile };
}

function bumpOf({ unit, to }: Move): Bump {
  const { ecosystem, name, from, place, distribution, members } = unit;
  const packages = [...new Set(members.map(({ found }) => found.name))].sort();
  const leaves = leavesMajor(unit, to);
  return { kind: 'package', ecosystem, name, packages, from, to, leavesMajor: leaves, place, distribution };
}

function baseChange(
  base: BaseChange,
  { ground }: Outcome,
  { before, judge, reference }: Planning,
  docker: OpenDockerfile | undefined,
): Change {
  const lowest = before.target.base?.layers ?? 0;
  const theirs = ground.evidence.target.base?.layers ?? 0;
  const sides = {
    before: before.findings.filter(({ layer }) => layer < lowest),
    after: ground.evidence.findings.filter(({ layer }) => layer < theirs),
    judged: before.judged,
    stopsBefore: stopTest(stopsOf(judge, before)),
    stopsAfter: stopTest(stopsOf(judge, ground.evidence)),
  };
  const made = changeBase(docker, base, reference);
  const unknown = ground.unknown.length;
  const notes = unknown === 0 ? [] : [unknownNote(ground.unknown)];
  const { accounts, certificates, packageFiles } = before.collected ?? {};
  if (accounts ?? certificates ?? packageFiles) {
    notes.push('accounts, certificates and the check of package files are known once the image is built on it');
  }
  return { what: base, ...effectsOf(sides), ...made, notes: [...made.notes, ...notes] };
}

function unknownNote(names: readonly string[]): string {
  const listed = `${names.slice(0, 5).join(', ')}${names.length > 5 ? ' …' : ''}`;
  return `the image installs packages that come from another release then, in versions that nobody knows yet: ${listed}`;
}

/** How a change is made that comes behind so many others that no file is edited for it. */
function tooMany({ unit: { ecosystem, name, from, place }, to }: Move): Making {
  const commands = commandsFor(ecosystem, baseName(place), { name, from, to });
  return { files: [], commands, notes: [`files are edited for the first ${mostEdited} changes alone`] };
}

/** How a dependency is moved: in the lock files that name it. */
function dependencyMaking({ unit, to, packages }: Move, { source, ecosystemOf }: Planning): Making {
  const { ecosystem: kind, name, from, place } = unit;
  const ecosystem = ecosystemOf(kind);
  const plain = { name, from, to };
  const byHand = (...notes: string[]): Making => {
    const commands = commandsFor(kind, baseName(place), plain);
    return {
      files: [],
      commands,
      notes: commands.length > 0 || notes.length > 0 ? notes : [`have what makes ${place} take ${to}`],
    };
  };
  if (!source || !ecosystem) return byHand();
  if (source.isTarget) return moveInFile(source.folder, place.replace(/^\//, ''), ecosystem, plain);
  // Names are spelled in several ways, of which advisories know one.
  const known = (found: Package): string | undefined => ecosystem.advisories(found, undefined)?.name;
  const wantedName = packages[0] && known(packages[0]);
  const named = source.packages.filter(
    (found) => found.ecosystem === kind && found.presence === 'declared' && known(found) === wantedName,
  );
  const older = named.filter(({ version }) => ecosystem.order.compare(version, to) < 0);
  const wanted = older.some(({ version }) => version === from)
    ? older.filter(({ version }) => version === from)
    : older;
  const pairs = wanted.flatMap((found) => found.paths.map((path) => ({ path: path.replace(/^\//, ''), found })));
  if (pairs.length > 0) {
    return combined(
      pairs.map(({ path, found }) =>
        moveInFile(source.folder, path, ecosystem, { name: found.name, from: found.version, to }),
      ),
    );
  }
  if (named.length > 0) {
    const paths = [...new Set(named.flatMap((found) => found.paths))].map((path) => path.replace(/^\//, ''));
    return {
      files: [],
      commands: [],
      notes: [`${paths.join(', ')} has ${name} ${named[0]!.version} already: build the image anew`],
    };
  }
  if (kind === 'maven' && source.folder.text('pom.xml') !== undefined)
    return manageInPom(source.folder, 'pom.xml', plain);
  return byHand('no lock file of the source names it');
}

function combined(makings: readonly Making[]): Making {
  const all = (of: (making: Making) => readonly string[]): string[] => [...new Set(makings.flatMap(of))];
  return {
    files: all((making) => making.files).sort(),
    commands: all((making) => making.commands),
    notes: all((making) => making.notes),
    along: makings.flatMap(({ along = [] }) => along),
  };
}
