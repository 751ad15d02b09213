import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { JudgedBy, ListedReport, Report, ReportContext } from '../report/contract.ts';
import { reports } from '../report/list.gen.ts';
import { SluiceError } from '../util/error.ts';
import { nearest } from '../util/nearest.ts';
import type { Flag } from './flags.ts';
import { linked } from './links.ts';
import { print } from './print.ts';
import { isTerminal } from './standard-streams.ts';
import type { TableOptions } from './table-flags.ts';
import { coloured } from './terminal.ts';

/** One report to write: to a file, or to standard output. */
export interface Output {
  readonly report: ListedReport;
  /** Which of the format's versions, where it is not the first. */
  readonly variant?: string;
  readonly path?: string;
}

/** Names a report, and the file that it goes to. */
export const outputFlag: Flag = {
  name: 'output',
  short: 'o',
  value: 'FORMAT[=PATH]',
  multiple: true,
  choices: reports.map(({ id }) => id),
  doc: 'a report, in one of the formats below; to a file with =PATH; may be repeated',
};

/** Where the one line goes by which logs tell a stop from a broken build. */
export const eventFlag: Flag = {
  name: 'event',
  value: 'FILE|stderr',
  doc: 'tell the verdict, and failures too, as one line of JSON at the end of a file: see docs/ci.md',
};

const widest = Math.max(...reports.map(({ id }) => id.length));

/** The formats and their versions, for the help. */
export const formatHelp = `Formats of -o, each to a file with =PATH; a version is named by FORMAT@VERSION, without one it is the first:
${reports.map(({ id, doc, versions }) => `  ${id.padEnd(widest + 2)}${doc}${versions ? `: ${versions.join(', ')}` : ''}`).join('\n')}`;

/**
 * Reads `-o FORMAT[@VERSION][=PATH]`. When everything goes to files the table is shown as well, unless quiet.
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

/** Reads one `FORMAT[@VERSION][=PATH]`. @throws SluiceError `usage/output` */
export function parseOutput(text: string): Output {
  const equals = text.indexOf('=');
  const [name = '', ...versions] = (equals < 0 ? text : text.slice(0, equals)).split('@');
  const report = reports.find((candidate) => candidate.id === name);
  const names = reports.map((candidate) => candidate.id);
  if (!report) {
    const close = nearest(name, names);
    const hint = close ? `did you mean ${close}?` : `there are ${names.join(', ')}`;
    throw new SluiceError('usage/output', `there is no report format ${name}`, hint);
  }
  const path = equals < 0 ? undefined : text.slice(equals + 1);
  if (path === '') throw new SluiceError('usage/output', `-o ${text} names no file`);
  if (report.id === 'template') {
    return { report: templateAt(versions.join('@'), report), ...(path === undefined ? {} : { path }) };
  }
  if (versions.join('') === '' && versions.length > 0) {
    throw new SluiceError('usage/output', `-o ${text} names no version`, `use -o ${name}`);
  }
  const variant = versions.length === 0 ? undefined : variantOf(report, versions.join('@'));
  return { report, ...(variant === undefined ? {} : { variant }), ...(path === undefined ? {} : { path }) };
}

/** The report that a template makes; what is wrong with a template is said when it is loaded. @throws SluiceError `usage/output` */
function templateAt(file: string, report: ListedReport): ListedReport {
  if (file === '') {
    throw new SluiceError('usage/output', '-o template names no template', 'such as -o template@FILE.liquid=REPORT');
  }
  const format = { id: `template@${file}`, doc: report.doc };
  return { ...format, load: async () => (await import('./template-report.ts')).openTemplate(file, format) };
}

/** Reads the templates that reports are made by: a slip in one is told before the work. @throws SluiceError `template/...` */
export async function readTemplates(outputs: readonly Output[]): Promise<void> {
  for (const { report } of outputs) if (report.id.startsWith('template@')) await report.load();
}

/** The version that is named, where it is not the one that is written anyway. @throws SluiceError `usage/output` */
function variantOf({ id, versions }: ListedReport, version: string): string | undefined {
  if (!versions) throw new SluiceError('usage/output', `the report format ${id} has one version only`, `use -o ${id}`);
  if (!versions.includes(version)) {
    const known = versions.map((name) => `${id}@${name}`).join(', ');
    throw new SluiceError(
      'usage/output',
      `there is no version ${version} of the report format ${id}`,
      `there are ${known}`,
    );
  }
  return version === versions[0] ? undefined : version;
}

/** What reports need to know of this run. */
export interface OutputContext {
  readonly name: string;
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
  /** For the audit record; absent where none can be asked for. */
  readonly judgedBy?: JudgedBy;
  /** What the table shows. */
  readonly table?: TableOptions;
}

/** Renders and writes every report. @throws SluiceError `output/unwritable`, `output/too-large` */
export async function writeReports(
  outputs: readonly Output[],
  evidence: Evidence,
  verdict: Verdict,
  context: OutputContext,
): Promise<void> {
  for (const { report, path, variant } of outputs) {
    const layOut = layout(path, context.env);
    const text = rendered(await report.load(), evidence, verdict, { ...runContext(context, variant), ...layOut });
    if (path === undefined) print(text);
    else writeWhole(path, text);
  }
}

/** What of this run a report of one version may use. */
export function runContext(
  { name, version, env, judgedBy, table }: OutputContext,
  variant: string | undefined,
): Omit<ReportContext, 'colour' | 'width'> {
  const epoch = env.SOURCE_DATE_EPOCH;
  return {
    name,
    version,
    ...(variant === undefined ? {} : { variant }),
    ...(epoch === undefined || epoch === '' ? {} : { sourceDateEpoch: epoch }),
    ...(judgedBy ? { judgedBy } : {}),
    ...table,
    env,
  };
}

/** How text for people is laid out: with colours and links on a terminal alone, in 120 columns where there is none. */
export function layout(
  path: string | undefined,
  env: NodeJS.ProcessEnv,
): Required<Pick<ReportContext, 'colour' | 'width' | 'terminal' | 'links'>> {
  const shown = isTerminal(1);
  const terminal = path === undefined && shown;
  const colour = path === undefined && coloured(1, env);
  return { colour, terminal, links: linked(terminal, env), width: shown ? process.stdout.columns || 100 : 120 };
}

/**
 * Renders a report. Node holds no text of more than half a gigabyte: an image made for it must not look like a bug.
 * @throws SluiceError `output/too-large`
 */
export function rendered(report: Report, evidence: Evidence, verdict: Verdict, context: ReportContext): string {
  try {
    return report.render(evidence, verdict, context);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new SluiceError('output/too-large', `the ${report.id} report would be too large (${thrown.message})`);
  }
}

/** Writes a file whole or not at all: a report that is cut would be read as a shorter one. @throws SluiceError `output/unwritable` */
export function writeWhole(path: string, text: string): void {
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
