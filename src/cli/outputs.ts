import { renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Report, ReportContext } from '../report/contract.ts';
import { reports } from '../report/list.gen.ts';
import { SluiceError } from '../util/error.ts';
import { nearest } from '../util/nearest.ts';
import { coloured } from './terminal.ts';

/** One report to write: to a file, or to standard output. */
export interface Output {
  readonly report: Report;
  readonly path?: string;
}

/**
 * Reads `-o FORMAT[=PATH]`. When everything goes to files the table is shown as well, unless quiet.
 * @throws SluiceError `usage/output`
 */
export function parseOutputs(texts: readonly string[], quiet: boolean): Output[] {
  const outputs = texts.map(parseOutput);
  const toStdout = outputs.filter((output) => output.path === undefined);
  if (toStdout.length > 1) {
    throw new SluiceError(
      'usage/output',
      'only one report can go to standard output',
      'give the others a path: -o sarif=report.sarif',
    );
  }
  if (toStdout.length === 0 && !quiet) outputs.push(parseOutput('table'));
  return outputs;
}

function parseOutput(text: string): Output {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const report = reports.find((candidate) => candidate.id === name);
  const names = reports.map((candidate) => candidate.id);
  if (!report) {
    const close = nearest(name, names);
    const hint = close ? `did you mean ${close}?` : `there are ${names.join(', ')}`;
    throw new SluiceError('usage/output', `there is no report format ${name}`, hint);
  }
  const path = equals < 0 ? undefined : text.slice(equals + 1);
  if (path === '') throw new SluiceError('usage/output', `-o ${text} names no file`);
  return path === undefined ? { report } : { report, path };
}

/** What reports need to know of this run. */
export interface OutputContext {
  readonly name: string;
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Renders and writes every report. @throws SluiceError `output/unwritable`, `output/too-large` */
export async function writeReports(
  outputs: readonly Output[],
  evidence: Evidence,
  verdict: Verdict,
  context: OutputContext,
): Promise<void> {
  for (const { report, path } of outputs) {
    const colour = path === undefined && coloured(process.stdout, context.env);
    const width = process.stdout.isTTY ? (process.stdout.columns ?? 100) : 120;
    const text = rendered(report, evidence, verdict, { name: context.name, version: context.version, colour, width });
    if (path === undefined) writeStdout(text);
    else writeWhole(path, text);
  }
}

/** Node holds no text of more than half a gigabyte: an image made for it must not look like a bug. */
function rendered(report: Report, evidence: Evidence, verdict: Verdict, context: ReportContext): string {
  try {
    return report.render(evidence, verdict, context);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new SluiceError('output/too-large', `the ${report.id} report would be too large (${thrown.message})`);
  }
}

/** Written at once and not through a buffer, so that a large report to a pipe is whole when the process ends. */
function writeStdout(text: string): void {
  const bytes = Buffer.from(text);
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(1, bytes, done);
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw new SluiceError('output/unwritable', `standard output can't be written (${code})`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** Writes a file whole or not at all: a report that is cut would be read as a shorter one. */
function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const old = statSync(path, { throwIfNoEntry: false });
    // A pipe or device such as /dev/stdout is written to, not replaced.
    if (old && !old.isFile()) {
      writeFileSync(path, text);
      return;
    }
    writeFileSync(temporary, text, { flag: 'wx' });
    renameSync(temporary, path);
  } catch (thrown) {
    rmSync(temporary, { force: true });
    throw new SluiceError('output/unwritable', `${path} can't be written (${(thrown as NodeJS.ErrnoException).code})`);
  }
}
