import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { ImageCache } from '../catalog/image-cache.ts';
import { analyzerVersion } from '../catalog/layer-cache.ts';
import { ecosystems } from '../ecosystem/list.gen.ts';
import { EvidenceCache } from '../pipeline/evidence-cache.ts';
import { type FleetOptions, type FleetProgress, type FleetScan, scanFleet } from '../pipeline/fleet.ts';
import { FleetData } from '../pipeline/fleet-data.ts';
import { FleetLayers } from '../pipeline/fleet-layers.ts';
import { type ListedTarget, listBytes, parseTargetList } from '../pipeline/fleet-list.ts';
import { listPlatforms } from '../pipeline/fleet-platforms.ts';
import type { Look } from '../pipeline/options.ts';
import { RunGate, type RunVerdict } from '../pipeline/run-gate.ts';
import type { RegistryAccess } from '../source/registry-image.ts';
import { SluiceError } from '../util/error.ts';
import { harmless } from '../util/harmless.ts';
import { cacheDirOf } from './cache-dir.ts';
import type { Invocation } from './command.ts';
import { chooseData } from './data-flags.ts';
import type { Flags } from './flags.ts';
import { parseFleetOutputs } from './fleet-outputs.ts';
import { FleetWriter, type MadeImage } from './fleet-writer.ts';
import { lookOf } from './look-flags.ts';
import { policySetOf } from './policy-flags.ts';
import { sharedCacheOf } from './shared-cache.ts';
import { writeText } from './standard-streams.ts';
import { Progress } from './terminal.ts';
import { vexOf } from './vex-flags.ts';

/** What the flags say of each scan, read as for a scan of one image. */
export type FleetFlags = Pick<FleetScan, 'platform' | 'jobs'>;

/**
 * Scans every target that a list names (`-` is standard input) in one process, shows them in one table, and returns the
 * exit code for all.
 * @throws SluiceError for what concerns all images: flags, the list, the data, a report that can't be written
 */
export async function runFleet(list: string, given: Flags, invocation: Invocation, scan: FleetFlags): Promise<number> {
  if (given.operands.length > 0) {
    const other = given.operands.join(' ');
    throw new SluiceError('usage/operands', `the targets are those that ${list} lists, not also ${other}`);
  }
  return runTargets(() => readList(list), given, invocation, scan);
}

/**
 * Scans the images of an index for all of its platforms, layers that they share once, shows them in one table, and
 * returns the exit code for all. @throws SluiceError as {@link runFleet}
 */
export async function runPlatforms(
  text: string,
  given: Flags,
  invocation: Invocation,
  scan: FleetFlags,
): Promise<number> {
  return runTargets((access) => listPlatforms(text, access), given, invocation, scan);
}

async function runTargets(
  list: (access: RegistryAccess) => Promise<ListedTarget[]>,
  given: Flags,
  invocation: Invocation,
  scan: FleetFlags,
): Promise<number> {
  const { env, trace } = invocation;
  const quiet = given.on('quiet');
  const to = given.text('event');
  const event = to === undefined ? undefined : { to, command: 'scan' };
  const outputs = { ...parseFleetOutputs(given.list('output'), quiet), event };
  const cacheDir = cacheDirOf(given, env);
  const policies = await policySetOf(given, { cacheDir, build: invocation.build });
  const progress = new Progress(env, quiet, { lines: true });
  const started = performance.now();
  const say = (text: string): void => {
    progress.clear();
    writeText(2, `sluice: ${harmless(text)}\n`);
  };
  const warn = (text: string): void => {
    if (!quiet) say(`warning: ${text}`);
  };
  const access = accessOf(given, env, warn);
  const chosen = await chooseData(oneByOne(given), cacheDir, env);
  const data = new FleetData(chosen.data);
  const vex = await vexOf(given, warn);
  const look = await lookOf(given, warn);
  const gate = new RunGate(policies, chosen.now, invocation.build);
  try {
    const targets = await list(access);
    const writer = await FleetWriter.open(targets, outputs, invocation);
    const totals = await scanFleet<MadeImage, RunVerdict>(
      targets,
      {
        scan: {
          ...scan,
          ...vex,
          ecosystems,
          access,
          data,
          look,
          now: gate.now,
          trace: trace?.root,
          ...readingOf(given, access, look),
        },
        caches: cachesIn(cacheDir, invocation.build, !given.on('no-layer-cache')),
        judge: (evidence, names) => gate.judge(evidence, names),
        wanted: (evidence, names) => gate.wanted(evidence, names),
        onJudged: (step, { text }, names, told) =>
          trace?.judged(step, { name: names[0] ?? basename(text), names, ...told }),
        onProgress: (state) => progress.say(progressText(state)),
        onWarning: ({ text }, message) => warn(`${text}: ${message}`),
      },
      (target, { evidence, verdict, judgedBy }) => writer.make(target, evidence, verdict, judgedBy),
      (outcome) => writer.take(outcome, say),
    );
    progress.finish(speedText(targets.length, performance.now() - started));
    return writer.finish(totals);
  } finally {
    progress.clear();
    await data.close();
  }
}

/** How layers are read. @throws SluiceError `usage/...` */
function readingOf(given: Flags, access: RegistryAccess, look: Look): Pick<FleetScan, 'shared' | 'verify'> {
  return { shared: sharedCacheOf(given, access, look), verify: given.on('verify') };
}

/** What a list of images needs is only known when all are looked into: it is judged by the data at hand. */
function oneByOne(given: Flags): Flags {
  if (!given.on('update')) return given;
  throw new SluiceError('usage/update', '--update is of one image', 'run before it: sluice db update');
}

function accessOf(given: Flags, env: NodeJS.ProcessEnv, onWarning: (message: string) => void): RegistryAccess {
  return { insecure: given.on('insecure'), offline: given.on('offline'), lazy: given.on('lazy'), env, onWarning };
}

function cachesIn(cacheDir: string, build: string, onDisk: boolean): FleetOptions['caches'] {
  const analyzer = analyzerVersion(ecosystems);
  const layers = new FleetLayers(cacheDir, analyzer, onDisk);
  return { layers, images: new ImageCache(cacheDir, analyzer, layers), evidence: new EvidenceCache(cacheDir, build) };
}

/** A pipe is read as well, so that a shell may give the output of a command for a file. */
async function readList(list: string): Promise<ListedTarget[]> {
  const name = list === '-' ? 'standard input' : basename(list);
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of list === '-' ? process.stdin : createReadStream(list)) {
      pieces.push(piece as Buffer);
      size += (piece as Buffer).length;
      if (size > listBytes) break;
    }
  } catch (thrown) {
    throw new SluiceError('fleet/list', `${list} can't be read (${(thrown as NodeJS.ErrnoException).code})`);
  }
  return parseTargetList(Buffer.concat(pieces), name);
}

function progressText({ images, allImages, layers, allLayers }: FleetProgress): string {
  const known = allLayers > 0 ? `, ${layers} of ${allLayers} layers` : '';
  return `${images} of ${allImages} images${known}`;
}

function speedText(images: number, ms: number): string {
  const minute = Math.round((images * 60_000) / Math.max(1, ms));
  return `${images} ${images === 1 ? 'image' : 'images'} in ${(ms / 1000).toFixed(1)} s: ${minute} a minute`;
}
