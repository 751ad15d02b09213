import { formatReference, parseReference } from '../model/reference.ts';
import { keptBaseline } from '../pipeline/baseline.ts';
import { RunGate } from '../pipeline/run-gate.ts';
import { readPolicySet } from '../policy/file/policy-set.ts';
import type { Baseline } from '../policy/judging.ts';
import { packs } from '../policy/packs.gen.ts';
import { readWaivers } from '../policy/waiver/read.ts';
import { readReport } from '../report/read-report.ts';
import type { PolicyOptions, Report } from './contract.ts';

/** What judges by options, and what the image is called. `build` stands for sluice itself. @throws SluiceError `policy/...`, `waivers/...` */
export async function openGate(
  { policy, waivers = [], failOn, environment = '', names = [], at }: PolicyOptions,
  now: Date,
  build: string,
): Promise<{ readonly gate: RunGate; readonly names: readonly string[] }> {
  // Without a folder nothing is searched for: a library that went by the folder it is run in would judge by chance.
  const asked = { policy, waivers, folder: undefined, environment, failOn, dataAges: new Map() };
  const { choose, mapped, waiverFiles, files } = await readPolicySet(asked, { packs });
  const gate = new RunGate(
    {
      choose,
      mapped,
      ...(files.length > 0 ? { files } : {}),
      ...(waiverFiles.length > 0 ? { waivers: readWaivers(waiverFiles, { now }) } : {}),
      ...(at ? { at } : {}),
    },
    now,
    build,
  );
  return { gate, names: names.map((name) => formatReference(parseReference(name))) };
}

/** An earlier report as what the image is held against. @throws SluiceError `report/...`, `baseline/since` */
export function baselineOf(report: Report, now: Date): Baseline {
  const bytes = bytesOf(report);
  return keptBaseline({ evidence: readReport(bytes), name: 'baseline', bytes }, { name: 'baseline' }, now);
}

/** A report as it stands in a file. */
export function bytesOf(report: Report): Buffer {
  return Buffer.from(JSON.stringify(report));
}
