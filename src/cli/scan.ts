import { cachesIn } from '../pipeline/caches-in.ts';
import type { ScanOptions } from '../pipeline/options.ts';
import { RunGate, type RunVerdict } from '../pipeline/run-gate.ts';
import { scan } from '../pipeline/scan.ts';
import type { RegistryAccess } from '../source/registry-image.ts';
import { identifyTarget } from '../source/target.ts';
import { SluiceError } from '../util/error.ts';
import { harmless } from '../util/harmless.ts';
import { inStep } from '../util/telemetry/step.ts';
import { baselineFlags, baselineFor, givenBaseline } from './baseline-flags.ts';
import { cacheDirFlag, cacheDirOf } from './cache-dir.ts';
import type { Command, Example, Invocation } from './command.ts';
import { chooseData, dataFlags } from './data-flags.ts';
import { exampleHelp } from './examples.ts';
import { exitCodes } from './exit-codes.ts';
import { type Flag, type Flags, flagHelp, readFlags } from './flags.ts';
import { fleetHelp } from './fleet-help.ts';
import { lazyHelp } from './lazy-help.ts';
import { lookFlags, lookOf } from './look-flags.ts';
import { eventFlag, formatHelp, outputFlag, parseOutputs, readTemplates, writeReports } from './outputs.ts';
import { policyFlags, policySetOf } from './policy-flags.ts';
import { targetName } from './scan-caches.ts';
import { jobsOf, machinePlatform, platformOf } from './scan-flags.ts';
import { sharedCacheFlags, sharedCacheOf } from './shared-cache.ts';
import { writeText } from './standard-streams.ts';
import { tableFlags, tableOptionsOf } from './table-flags.ts';
import { baseOf, nameFlag, namesOf } from './target-flags.ts';
import { Progress } from './terminal.ts';
import { vexFlag, vexOf } from './vex-flags.ts';

/** The flags of a scan. */
export const scanFlags: readonly Flag[] = [
  outputFlag,
  eventFlag,
  ...tableFlags,
  ...policyFlags,
  ...baselineFlags,
  nameFlag,
  { name: 'from-file', value: 'FILE', doc: 'scan every target that FILE lists: see below' },
  { name: 'platform', value: 'OS/ARCH|all', doc: "which image of several; by default this machine's; all: each" },
  { name: 'offline', doc: 'open no connection' },
  {
    name: 'lazy',
    doc: 'believe the indexes that layers in a registry carry, and fetch only what is needed: see below',
  },
  {
    name: 'verify',
    doc: 'read every byte and check every digest, also of the layers in a docker save archive',
  },
  { name: 'base', value: 'TARGET', doc: 'the image that this one was built on: every finding says base or own' },
  ...lookFlags,
  ...dataFlags,
  vexFlag,
  { name: 'insecure', doc: 'allow plain HTTP for registries on other machines' },
  cacheDirFlag,
  { name: 'no-layer-cache', doc: 'read every layer again, and keep nothing of it' },
  ...sharedCacheFlags,
  { name: 'jobs', short: 'j', value: 'N', doc: 'most threads; by default as many as cores' },
  { name: 'quiet', short: 'q', doc: 'no progress, no warnings, no table' },
];

const examples: readonly Example[] = [
  { line: 'sluice scan my-app.tar', doc: 'an archive that docker save wrote: may it pass?' },
  { line: 'sluice scan nginx:1.27 --update', doc: 'an image in a registry, by the newest data' },
  { line: 'sluice scan my-app.tar -o sarif=app.sarif', doc: 'in CI: the table to the log, a report to a file' },
  { line: 'sluice scan my-app.tar --fail-on critical', doc: 'stop at critical flaws alone' },
  { line: 'sluice scan my-app.tar --baseline main.json', doc: 'tell what this change brings from what was there' },
  { line: 'sluice scan . --scanners packages,secrets', doc: 'a source folder, before there is an image' },
];

/** `sluice scan`: looks into an image, matches, decides, reports. */
export const command: Command = {
  takes: 'TARGET',
  flags: scanFlags,
  examples,
  async run(invocation) {
    const given = readFlags(invocation.args, scanFlags, invocation.env);
    const list = given.text('from-file');
    if (list !== undefined) {
      refuseForMany(given);
      const { runFleet } = await import('./fleet.ts');
      return runFleet(list, given, invocation, { platform: platformOf(given), jobs: jobsOf(given) });
    }
    const [text, ...more] = given.operands;
    if (text === undefined)
      throw new SluiceError('usage/no-target', 'there is no target', 'usage: sluice scan TARGET [flags]');
    if (more.length > 0) throw new SluiceError('usage/operands', `one target at a time, not also ${more.join(' ')}`);
    if (given.text('platform') === 'all') {
      refuseForMany(given);
      const { runPlatforms } = await import('./fleet.ts');
      return runPlatforms(text, given, invocation, { platform: machinePlatform(), jobs: jobsOf(given) });
    }
    return scanTarget(text, given, invocation);
  },
  help() {
    return `Usage: sluice scan TARGET [flags]

${exampleHelp(examples)}TARGET is an image archive (docker save, OCI), an OCI layout folder, a root filesystem or source folder, a Dockerfile,
a bill of materials (CycloneDX, SPDX, Syft), or an image reference. A scheme forces the kind: archive: oci: dir: sbom:
dockerfile: registry: (sbom:- reads standard input)

${flagHelp(scanFlags)}

${formatHelp}

${fleetHelp}

${lazyHelp}

Every flag can be set as SLUICE_<FLAG>, such as SLUICE_CACHE_DIR.
Exit codes: 0 pass or warn · 1 could not do the work · 2 the gate says stop · 3 undecided
`;
  },
};

/** Scans one target by the flags, writes its reports, and returns the exit code. `judged` gets the verdict before that. */
export async function scanTarget(
  text: string,
  given: Flags,
  { env, version, build, trace }: Invocation,
  judged?: (told: RunVerdict, name: string) => void,
): Promise<number> {
  const outputs = parseOutputs(given.list('output'), given.on('quiet'));
  await readTemplates(outputs);
  const table = tableOptionsOf(given);
  const platform = platformOf(given);
  const jobs = jobsOf(given);
  const target = identifyTarget(text);
  const names = namesOf(given, target);
  // What is wrong with it is said before anything is scanned.
  const before = givenBaseline(given);
  const base = baseOf(given, target);
  const progress = new Progress(env, given.on('quiet'));
  const warn = (message: string): void => {
    progress.clear();
    if (!given.on('quiet')) writeText(2, `sluice: warning: ${harmless(message)}\n`);
  };
  const access: RegistryAccess = {
    insecure: given.on('insecure'),
    offline: given.on('offline'),
    lazy: given.on('lazy'),
    env,
    onWarning: warn,
  };
  const look = await lookOf(given, warn);
  const shared = sharedCacheOf(given, access, look);
  const cacheDir = cacheDirOf(given, env);
  const policies = await policySetOf(given, { cacheDir, build });
  const progressed = (phrase: string): void => progress.say(`${targetName(target, text)}: ${phrase}`);
  const { data, now, refresh } = await chooseData(given, cacheDir, env, { warn, progress: progressed });
  const vex = await vexOf(given, warn);
  const gate = new RunGate(policies, now, build);
  try {
    let current = data;
    const options: ScanOptions = {
      ecosystems: async () => (await import('../ecosystem/list.gen.ts')).ecosystems,
      access,
      platform,
      caches: given.on('no-layer-cache') ? undefined : cachesIn(cacheDir, build),
      shared,
      verify: given.on('verify'),
      look,
      now: gate.now,
      base,
      data,
      refresh: refresh && (async (needed) => (current = await refresh(needed))),
      ...vex,
      jobs,
      trace: trace?.root,
      wanted: (found) => gate.wanted(found, names),
      onProgress: progressed,
      onLayerState: progress.layersOf(targetName(target, text)),
    };
    const found = await scan(target, options);
    // The data that the image itself was matched with.
    const told = await inStep(trace?.root, 'policy', async (step) => {
      const alike = { ...options, data: current, refresh: undefined, trace: step };
      const wanted = () => gate.wanted(found, names);
      return gate.judge(found, names, await baselineFor(before, { ...alike, wanted }, gate.now));
    });
    const { evidence, verdict, judgedBy } = told;
    const name = targetName(target, text);
    progress.clear();
    judged?.(told, name);
    trace?.judged(trace.root, { name, names, evidence, verdict });
    await inStep(trace?.root, 'reports', () =>
      writeReports(outputs, evidence, verdict, { name, version, env, judgedBy, table }),
    );
    const to = given.text('event');
    if (to !== undefined) (await import('./event.ts')).tellVerdict(told, { to, command: 'scan', name, version, env });
    return exitCodes[verdict.decision];
  } catch (thrown) {
    progress.clear();
    throw named(thrown, targetName(target, text));
  }
}

function refuseForMany(given: Flags): void {
  for (const name of ['base', 'baseline', 'baseline-since', 'name']) {
    if (given.text(name) === undefined) continue;
    throw new SluiceError('usage/one-image', `--${name} is of one image: a list and --platform all have several`);
  }
}

/** Puts the target's name before the cause: in a log of many scans the line must stand for itself. */
function named(thrown: unknown, name: string): unknown {
  if (!(thrown instanceof SluiceError) || thrown.code.startsWith('registry/')) return thrown;
  return new SluiceError(thrown.code, `${name}: ${thrown.message}`, thrown.hint);
}
