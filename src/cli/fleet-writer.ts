import { rmSync } from 'node:fs';
import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { FleetOutcome } from '../pipeline/fleet.ts';
import type { ListedTarget } from '../pipeline/fleet-list.ts';
import type { JudgedBy, Report } from '../report/contract.ts';
import { fleetLine } from '../report/fleet/line.ts';
import { type FleetRow, failedRow, fleetExitCode, rowOf } from '../report/fleet/row.ts';
import { type FleetLayerTotals, fleetTable } from '../report/fleet/table.ts';
import { type ErrorCode, SluiceError } from '../util/error.ts';
import type { Invocation } from './command.ts';
import type { EventContext } from './event.ts';
import { fileNames } from './fleet-names.ts';
import {
  type FleetOutputs,
  type FolderOutput,
  makeFolders,
  openSink,
  reportPath,
  type TextSink,
  unwritable,
} from './fleet-outputs.ts';
import { layout, rendered, runContext, writeWhole } from './outputs.ts';
import { isTerminal } from './standard-streams.ts';

/** One image, ready to be written. */
export interface MadeImage {
  readonly row: FleetRow;
  /** A line of JSON, where one is wanted. */
  readonly line: string;
  /** Tells the verdict, where that is wanted. */
  readonly tell?: () => void;
}

/** What tells events is loaded where some are asked for. */
type Events = typeof import('./event.ts');

/** Writes what is asked for of each image, and in the end of all. @throws SluiceError `output/unwritable` */
export class FleetWriter {
  readonly #outputs: FleetOutputs;
  readonly #invocation: Invocation;
  readonly #names: ReadonlyMap<ListedTarget, string>;
  readonly #lines: readonly TextSink[];
  readonly #tables: readonly { readonly sink: TextSink; readonly path: string | undefined }[];
  readonly #rows: FleetRow[] = [];
  readonly #loaded: ReadonlyMap<string, Report>;
  readonly #events: Events | undefined;

  /** Loads the formats that are asked for, and makes the folders and files that they need. */
  static async open(
    targets: readonly ListedTarget[],
    outputs: FleetOutputs,
    invocation: Invocation,
  ): Promise<FleetWriter> {
    const wanted = [...outputs.folders, ...outputs.lines].map(async ({ report }) => {
      return [report.id, await report.load()] as const;
    });
    const events = outputs.event && (await import('./event.ts'));
    return new FleetWriter(targets, outputs, invocation, new Map(await Promise.all(wanted)), events);
  }

  private constructor(
    targets: readonly ListedTarget[],
    outputs: FleetOutputs,
    invocation: Invocation,
    loaded: ReadonlyMap<string, Report>,
    events: Events | undefined,
  ) {
    this.#loaded = loaded;
    this.#events = events;
    const names = fileNames(targets.map(({ text }) => text));
    this.#outputs = outputs;
    this.#invocation = invocation;
    this.#names = new Map(targets.map((target, i) => [target, names[i] ?? '']));
    makeFolders(outputs);
    this.#lines = outputs.lines.map(({ path }) => openSink(path));
    this.#tables = outputs.tables.map(({ path }) => ({ sink: openSink(path), path }));
  }

  /** The reports of one image: all are made before the first is written, so that a failure leaves none of them. */
  make(target: ListedTarget, evidence: Evidence, verdict: Verdict, judgedBy?: JudgedBy): MadeImage {
    const render = (id: string, variant?: string): string => {
      const { env, version } = this.#invocation;
      const run = { name: target.text, version, env, ...(judgedBy ? { judgedBy } : {}) };
      const context = { ...runContext(run, variant), ...layout('', env) };
      return rendered(this.#loaded.get(id) as Report, evidence, verdict, context);
    };
    const files = this.#outputs.folders.map((output) => ({
      path: this.#pathOf(target, output),
      text: render(output.report.id, output.variant),
    }));
    const json = this.#outputs.lines[0]?.report;
    const report = json && render(json.id);
    for (const { path, text } of files) writeWhole(path, text);
    return {
      row: rowOf(target.text, target.line, evidence, verdict),
      line: report === undefined ? '' : fleetLine(target.line, target.text, { report }),
      ...this.#told(target, (events, context) => events.tellVerdict({ evidence, verdict, judgedBy }, context)),
    };
  }

  /** What tells the event of an image; nothing where none is asked for. */
  #told(
    { text }: ListedTarget,
    tell: (events: Events, context: EventContext) => void,
  ): Pick<MadeImage, 'tell'> | undefined {
    const events = this.#events;
    const { event } = this.#outputs;
    if (!events || !event) return undefined;
    const { env, version } = this.#invocation;
    return { tell: () => tell(events, { ...event, name: text, env, version }) };
  }

  /** Takes images in the order of the list. A failure is told on standard error where no table on standard output tells it. */
  take(outcome: FleetOutcome<MadeImage>, say: (text: string) => void): void {
    const { line, text } = outcome.target;
    if ('made' in outcome) {
      this.#rows.push(outcome.made.row);
      for (const sink of this.#lines) sink.write(outcome.made.line);
      outcome.made.tell?.();
      return;
    }
    const { failure } = outcome;
    this.#removeOld(outcome.target);
    const thrown = new SluiceError(failure.code as ErrorCode, failure.message, failure.hint);
    this.#told(outcome.target, (events, context) => events.tellFailure(thrown, context))?.tell?.();
    this.#rows.push(failedRow(text, line, failure));
    for (const sink of this.#lines) sink.write(fleetLine(line, text, { error: failure }));
    if (!this.#tables.some(({ path }) => path === undefined))
      say(`line ${line}: ${text}: ${failure.message} [${failure.code}]`);
  }

  #pathOf(target: ListedTarget, { folder, report, variant }: FolderOutput): string {
    return reportPath(folder, this.#names.get(target) ?? '', report, variant);
  }

  /** A report of an earlier run would be read as this one's. */
  #removeOld(target: ListedTarget): void {
    for (const output of this.#outputs.folders) {
      const path = this.#pathOf(target, output);
      try {
        rmSync(path, { force: true });
      } catch (thrown) {
        throw unwritable(path, thrown);
      }
    }
  }

  /** Puts everything in its place and returns the exit code. */
  finish(totals: FleetLayerTotals): number {
    for (const { sink, path } of this.#tables) {
      const cut = path === undefined && isTerminal(1);
      sink.write(fleetTable(this.#rows, totals, { ...layout(path, this.#invocation.env), cut }));
    }
    for (const sink of [...this.#lines, ...this.#tables.map((table) => table.sink)]) sink.finish();
    return fleetExitCode(this.#rows);
  }
}
