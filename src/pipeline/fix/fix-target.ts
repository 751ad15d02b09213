import type { Ecosystem } from '../../ecosystem/contract.ts';
import { unifiedDiff } from '../../format/lock/unified.ts';
import type { Change, FilePatch, FixPlan } from '../../match/fix/contract.ts';
import type { Evidence } from '../../model/evidence.ts';
import { counts } from '../../model/finding.ts';
import type { GivenVex } from '../../model/vex.ts';
import { count } from '../../report/text-fix.ts';
import type { FolderTarget, Target } from '../../source/target.ts';
import { SluiceError } from '../../util/error.ts';
import { ecosystemsOf } from '../gather.ts';
import type { ScanOptions } from '../options.ts';
import { scan } from '../scan.ts';
import { changesOf, type Source } from './changes.ts';
import { type Candidate, groundsOf } from './grounds.ts';
import type { Along } from './lock-edits.ts';
import { type Outcome, outcomeOn, withAlong } from './outcome.ts';
import { remainsOf } from './remains.ts';
import { Rematch } from './rematch.ts';
import { SourceFolder } from './source-folder.ts';
import { type Judge, stopTest } from './stops.ts';

/** What a fix is sought with. */
export interface FixOptions {
  readonly scan: ScanOptions;
  /** The gate for the target, once it is known what it is. */
  gate(evidence: Evidence): Promise<Judge>;
  readonly candidates: readonly Candidate[];
  /** Folder of the sources, a path of this machine; absent: the target, where that is one. */
  readonly source?: string | undefined;
  /** A path of this machine. */
  readonly dockerfile?: string | undefined;
}

/** A plan, and what writes its patches. */
export interface Fix {
  readonly plan: FixPlan;
  /** Writes the patched files. @throws SluiceError `fix/...` */
  write(): void;
}

/** Finds the smallest set of changes that turns the gate green, or as green as it gets. @throws SluiceError */
export async function fixTarget(target: Target, options: FixOptions): Promise<Fix> {
  let vex: readonly GivenVex[] | undefined = options.scan.vex;
  let names: readonly string[] | undefined = options.scan.names;
  const found = await scan(target, {
    ...options.scan,
    onVex: (given, called) => {
      vex = given;
      names = called;
    },
  });
  const byId = new Map((await ecosystemsOf(options.scan)).map((one) => [one.id, one]));
  const ecosystemOf = (id: string): Ecosystem | undefined => byId.get(id);
  const rematch = new Rematch({ ...options.scan, vex, names });
  try {
    const judge = await options.gate(found);
    // Findings that a waiver answers are no reason to change anything.
    const { evidence: before, verdict } = judge(found);
    const source = await sourceOf(target, before, options);
    // Where nothing stops, nothing need be changed: candidates are not even looked at.
    const given = verdict.decision === 'stop' ? options.candidates : [];
    const grounds = await groundsOf(before, given, options.scan, rematch, ecosystemOf);
    const outcomes: Outcome[] = [];
    for (const ground of grounds) outcomes.push(await outcomeOn(ground, { rematch, judge, ecosystemOf }));
    const chosen = bestOf(outcomes);
    const reference = referenceOf(given[outcomes.indexOf(chosen) - 1]);
    const along: Along[] = [];
    const onAlong = (more: readonly Along[]): void => void along.push(...more);
    const changes = changesOf(chosen, { before, judge, source, reference, ecosystemOf, onAlong });
    const best = await withAlong(chosen, along, source?.isTarget === true, { rematch, judge, ecosystemOf });
    const { patches, without } = await patchesOf(source);
    const patched = patchedTogether(changes, patches, without);
    const { findings, judged } = best.after;
    const stops = stopTest(best.stops);
    const others = findings.filter((finding) => counts(finding, judged) && !stops(finding)).length;
    const plan: FixPlan = {
      target: before.target,
      before: verdict,
      after: best.verdict,
      outcome: outcomeText(best),
      changes: patched.changes,
      remains: remainsOf(best),
      others,
      patches: patched.patches,
      notes: notesOn(outcomes, chosen),
    };
    const write = (): void => {
      source?.folder.write(patched.patches);
    };
    return { plan, write };
  } finally {
    await rematch.close();
  }
}

/** Fewest stops, then what is known for sure, then fewest changes, then the base that is there. */
function bestOf(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce((best, one) => {
    const by =
      one.stops.length - best.stops.length ||
      Number(isOpen(one)) - Number(isOpen(best)) ||
      changesIn(one) - changesIn(best);
    return by < 0 ? one : best;
  });
}

function changesIn({ ground, moves }: Outcome): number {
  return moves.length + (ground.base ? 1 : 0);
}

/** Whether something is not known that could still stop the gate. */
function isOpen({ ground, verdict }: Outcome): boolean {
  return ground.unknown.length > 0 || verdict.reasons.some(({ decision }) => decision === 'undecided');
}

/** What the candidates that were not taken would come to. */
function notesOn(outcomes: readonly Outcome[], best: Outcome): string[] {
  return outcomes.flatMap((one) => {
    const { base } = one.ground;
    if (one === best || base === undefined) return [];
    const stops = one.stops.length;
    const left =
      stops > 0
        ? `${count(stops, 'reason')} to stop would remain`
        : isOpen(one)
          ? 'not all is known'
          : 'the gate passes';
    return `${base.to} as the base is not better: with ${count(changesIn(one), 'change')} ${left}`;
  });
}

/** What it comes to: where versions are not known, no green is promised. */
function outcomeText(outcome: Outcome): FixPlan['outcome'] {
  if (outcome.verdict.decision === 'stop') return 'stop';
  return isOpen(outcome) ? 'undecided' : 'green';
}

function referenceOf(candidate: Candidate | undefined): string | undefined {
  return candidate?.target.kind === 'registry' ? candidate.target.reference : undefined;
}

/** The folder whose files are patched, and what its lock files name. */
async function sourceOf(target: Target, before: Evidence, options: FixOptions): Promise<Source | undefined> {
  const isTarget = target.kind === 'source' && options.source === undefined;
  const path = options.source ?? (isTarget ? target.path : undefined);
  if (path === undefined) return undefined;
  const folder = new SourceFolder(path);
  const packages = isTarget ? before.packages : await packagesIn({ kind: 'source', path }, options.scan);
  const dockerfile = dockerfileIn(folder, options.dockerfile);
  return { folder, packages, isTarget, ...(dockerfile === undefined ? {} : { dockerfile }) };
}

async function packagesIn(folder: FolderTarget, options: ScanOptions): Promise<Evidence['packages']> {
  const { surveyFolder } = await import('../survey-folder.ts');
  return (await surveyFolder(folder.path, await ecosystemsOf(options))).inventory.packages;
}

/** The Dockerfile that was named, else the one that builds find by themselves. */
function dockerfileIn(folder: SourceFolder, given: string | undefined): string | undefined {
  if (given !== undefined) {
    const path = folder.relative(given);
    if (path !== undefined) return path;
    throw new SluiceError('fix/dockerfile', 'the Dockerfile is no file below the source folder');
  }
  return ['Dockerfile', 'Containerfile'].find((name) => folder.text(name) !== undefined);
}

/** The edits as diffs, and the files of which there can be none. */
async function patchesOf(source: Source | undefined): Promise<{ patches: FilePatch[]; without: string[] }> {
  const patches: FilePatch[] = [];
  const without: string[] = [];
  for (const { path, before, after } of source?.folder.edits() ?? []) {
    const diff = await unifiedDiff(path, before, after);
    if (diff === undefined) without.push(path);
    else patches.push({ path, diff, text: after });
  }
  return { patches, without };
}

/** A change is patched in all of its files or in none: where one has no patch, those that were edited with it have none either. */
function patchedTogether(
  changes: readonly Change[],
  patches: readonly FilePatch[],
  without: readonly string[],
): { changes: readonly Change[]; patches: readonly FilePatch[] } {
  const lost = new Set(without);
  const isHit = ({ files }: Change): boolean => files.some((path) => lost.has(path));
  for (let size = -1; size < lost.size; ) {
    size = lost.size;
    for (const { files } of changes.filter(isHit)) for (const path of files) lost.add(path);
  }
  const note = (path: string): string =>
    `${path}: no patch can be printed: too much of it differs, or its name or text would do something to a terminal`;
  return {
    changes: changes.map((change) =>
      isHit(change) ? { ...change, files: [], commands: [], notes: [...change.notes, ...without.map(note)] } : change,
    ),
    patches: patches.filter(({ path }) => !lost.has(path)),
  };
}
