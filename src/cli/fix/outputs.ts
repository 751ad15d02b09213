import { SluiceError } from '../../util/error.ts';

/** The forms in which a plan is written. */
const formats = ['table', 'json', 'patch'] as const;

/** One form of a plan, and where it goes. */
export interface FixOutput {
  readonly format: (typeof formats)[number];
  /** Absent: standard output. */
  readonly path?: string;
}

/**
 * Reads `-o FORMAT[=PATH]`, each. When everything goes to files the table is shown as well, unless quiet.
 * @throws SluiceError `usage/output`
 */
export function fixOutputs(texts: readonly string[], quiet: boolean): FixOutput[] {
  const outputs = texts.map(parseOutput);
  const shown = outputs.filter(({ path }) => path === undefined).length;
  if (shown > 1) {
    const hint = 'give the others a path: -o patch=fix.patch';
    throw new SluiceError('usage/output', 'only one of them can go to standard output', hint);
  }
  return shown === 0 && !quiet ? [...outputs, { format: 'table' }] : outputs;
}

function parseOutput(text: string): FixOutput {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const format = formats.find((one) => one === name);
  if (!format) throw new SluiceError('usage/output', `fix has no format ${name}`, 'there are table, json and patch');
  const path = equals < 0 ? undefined : text.slice(equals + 1);
  if (path === '') throw new SluiceError('usage/output', `-o ${text} names no file`);
  return path === undefined ? { format } : { format, path };
}
