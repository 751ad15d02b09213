import { SluiceError } from '../util/error.ts';

/** What a command of two formats writes, and where. */
export interface PlainOutput {
  readonly format: 'table' | 'json';
  /** Absent: standard output. */
  readonly path?: string;
}

/** Reads `-o FORMAT[=PATH]` of a command that has a table and JSON. @throws SluiceError `usage/output` */
export function plainOutput(command: string, text = 'table'): PlainOutput {
  const equals = text.indexOf('=');
  const format = equals < 0 ? text : text.slice(0, equals);
  if (format !== 'table' && format !== 'json') {
    throw new SluiceError('usage/output', `${command} has no format ${format}`, 'there are table and json');
  }
  const path = equals < 0 ? undefined : text.slice(equals + 1);
  if (path === '') throw new SluiceError('usage/output', `-o ${text} names no file`);
  return path === undefined ? { format } : { format, path };
}
