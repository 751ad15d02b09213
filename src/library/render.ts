import { reports } from '../report/list.gen.ts';
import { readReport } from '../report/read-report.ts';
import { SluiceError } from '../util/error.ts';
import { nearest } from '../util/nearest.ts';
import type { Report } from './contract.ts';
import { bytesOf } from './open-gate.ts';

/** sluice's own version; put in when it is bundled. */
declare const SLUICE_VERSION: string;

/** How a report is written. */
export interface RenderOptions {
  /** What the target is called, for people. */
  readonly name?: string;
  /** Columns of the table; absent: 120. */
  readonly width?: number;
  /** The one time that a document may bear, in seconds since 1970. */
  readonly sourceDateEpoch?: string;
}

/** The names of the formats that {@link render} writes; a version is named as in `cyclonedx@1.5`. */
export const formats: readonly string[] = reports.map(({ id }) => id).filter((id) => id !== 'template');

/** A report in another format: `sarif`, `cyclonedx@1.5`, `table`. @throws SluiceError `usage/output`, `report/...` */
export async function render(report: Report, format: string, options: RenderOptions = {}): Promise<string> {
  const [id = '', ...version] = format.split('@');
  const listed = formats.includes(id) ? reports.find((one) => one.id === id) : undefined;
  const variant = version.length === 0 ? undefined : version.join('@');
  if (!listed || (variant !== undefined && !listed.versions?.includes(variant)))
    throw unknownFormat(format, listed?.versions);
  const writer = await listed.load();
  return writer.render(readReport(bytesOf(report)), report.verdict, {
    name: options.name ?? 'the target',
    colour: false,
    width: options.width ?? 120,
    version: SLUICE_VERSION,
    ...(variant === undefined || variant === listed.versions?.[0] ? {} : { variant }),
    ...(options.sourceDateEpoch === undefined ? {} : { sourceDateEpoch: options.sourceDateEpoch }),
  });
}

function unknownFormat(format: string, versions: readonly string[] | undefined): SluiceError {
  const [id] = format.split('@');
  const known = versions ? versions.map((version) => `${id}@${version}`) : formats;
  const close = nearest(format, known);
  const hint = close === undefined ? `there are ${known.join(', ')}` : `did you mean ${close}?`;
  return new SluiceError('usage/output', `there is no report format ${format}`, hint);
}
