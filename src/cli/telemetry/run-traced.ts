import { SluiceError } from '../../util/error.ts';
import { harmless } from '../../util/harmless.ts';
import { errorType, Recording } from '../../util/telemetry/recording.ts';
import type { Command, Invocation } from '../command.ts';
import { writeText } from '../standard-streams.ts';
import type { CommandTrace } from './command-trace.ts';
import { classOfCode, RunNumbers, targetAttributes } from './facts.ts';
import { readSettings, type TelemetrySettings } from './settings.ts';

/** How much longer than the longest of the settings a run waits for what does not even end when it is told to. */
const graceMs = 500;

/**
 * Runs a command, and sends what it did as spans and metrics where the environment asks for that. Whatever becomes of
 * the sending, the command ends as it would have without.
 */
export async function runTraced(name: string, command: Command, invocation: Invocation): Promise<number> {
  const settings = readSettings(invocation.env);
  const warn = warner(invocation);
  for (const warning of settings.warnings) warn(warning);
  if (!settings.traces && !settings.metrics) return command.run(invocation);
  if (isOn('offline', invocation)) {
    warn('--offline forbids connections, so that no telemetry is sent');
    return command.run(invocation);
  }
  const run = new TracedRun(name, invocation.version);
  try {
    const code = await command.run({ ...invocation, trace: run });
    run.ended(code);
    return code;
  } catch (thrown) {
    run.failed(thrown);
    throw thrown;
  } finally {
    await send(run, settings, invocation, warn);
  }
}

class TracedRun implements CommandTrace {
  readonly recording = new Recording(now);
  readonly numbers = new RunNumbers();
  readonly root;
  readonly version: string;
  readonly #name: string;
  #outcome: ReturnType<typeof classOfCode> = 'defect';

  constructor(name: string, version: string) {
    this.#name = name;
    this.version = version;
    this.root = this.recording.begin(`sluice ${name}`, { 'sluice.command': name }, performance.timeOrigin);
  }

  judged: CommandTrace['judged'] = (step, target) => {
    step.set(targetAttributes(target));
    this.numbers.add(target);
  };

  ended(code: number): void {
    this.#outcome = classOfCode(code);
    this.root.set({ 'process.exit.code': code, 'sluice.class': this.#outcome });
    if (this.recording.dropped > 0) this.root.set({ 'sluice.steps.dropped': this.recording.dropped });
    // A verdict is no error of the run, and neither is one that can't be given: the work was done.
    this.root.end(this.#outcome === 'defect' ? new SluiceError('run/defect', 'some of the work failed') : undefined);
  }

  failed(thrown: unknown): void {
    this.root.set({ 'process.exit.code': 1, 'sluice.class': 'defect' });
    this.root.end(thrown);
  }

  get metrics() {
    const { steps } = this.recording;
    const [root] = steps;
    const seconds = root ? ((root.ended ?? root.started) - root.started) / 1000 : 0;
    return this.numbers.metrics(this.#name, this.#outcome, seconds, steps);
  }
}

async function send(
  run: TracedRun,
  settings: TelemetrySettings,
  { env }: Invocation,
  warn: (text: string) => void,
): Promise<void> {
  try {
    const { exportAll } = await import('./export.ts');
    const longest = Math.max(settings.traces?.timeoutMs ?? 0, settings.metrics?.timeoutMs ?? 0) + graceMs;
    const troubles = await within(exportAll(settings, run, env), longest);
    for (const trouble of troubles ?? ['telemetry was not sent: the collector did not take it in time']) warn(trouble);
    // A name server that does not answer would keep the process for a minute: to ask it can't be called off.
    if (troubles === undefined) setTimeout(() => process.exit(), graceMs).unref();
  } catch (thrown) {
    warn(`telemetry was not sent: ${errorType(thrown)}`);
  }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Milliseconds since 1970: the moment at which the process began, and a clock that nobody sets back. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Says each thing once. */
function warner(invocation: Invocation): (text: string) => void {
  const quiet = isOn('quiet', invocation) || invocation.args.includes('-q');
  const said = new Set<string>();
  return (text) => {
    if (quiet || said.has(text)) return;
    said.add(text);
    writeText(2, `sluice: warning: ${harmless(text)}\n`);
  };
}

/** Whether a switch that many commands have is on: as `readFlags` has it, before the command has read its flags. */
function isOn(flag: string, { args, env }: Invocation): boolean {
  const set = env[`SLUICE_${flag.toUpperCase()}`];
  return args.includes(`--${flag}`) || (set !== undefined && set !== '' && set !== '0' && set !== 'false');
}
