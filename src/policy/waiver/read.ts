import { digestOf } from '../../model/digest.ts';
import { dayText } from '../../util/day.ts';
import { SluiceError } from '../../util/error.ts';
import { Faults, placeText } from '../file/fault.ts';
import { listIn, recordIn } from '../file/shape.ts';
import type { Value } from '../file/value.ts';
import { readYaml } from '../file/yaml.ts';
import type { Waiver, Waivers } from './contract.ts';
import { DuplicateCheck } from './duplicates.ts';
import { type Reading, waiverIn } from './fields.ts';

/** Most waivers of all files. */
export const mostWaivers = 10_000;

/** A waiver file as it was found. */
export interface WaiverFile {
  /** As the user wrote its path. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads waiver files (schema/sluice-waivers-v1.json) in their order. `now` is for the limit of expiries alone.
 * @throws SluiceError `waivers/malformed` with file, line and column, and the correction: what is malformed waives nothing
 */
export function readWaivers(files: readonly WaiverFile[], { now }: { readonly now: Date }): Waivers {
  const faults = new Faults();
  const duplicates = new DuplicateCheck();
  const reading: Reading = { faults, today: dayText(now) };
  const waivers: Waiver[] = [];
  for (const { name, bytes } of files) {
    const root = readYaml(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), name, faults);
    for (const item of root === undefined ? [] : waiverItems(root, faults)) {
      const waiver = waiverIn(item, reading);
      if (waiver === undefined) continue;
      const earlier = duplicates.add(waiver);
      if (earlier !== undefined) faults.add(item.place, `this waives the same as ${earlier}`, 'remove one of the two');
      waivers.push(waiver);
      if (waivers.length > mostWaivers) {
        faults.add(item.place, `there are more than ${mostWaivers} waivers`);
        throw malformed(faults);
      }
    }
  }
  if (faults.all.length > 0) throw malformed(faults);
  return { waivers, files: files.map(({ name, bytes }) => ({ name, digest: digestOf(bytes) })) };
}

function waiverItems(root: Value, faults: Faults): readonly Value[] {
  const top = recordIn(root, 'a waiver file', ['version', 'waivers'], 'a waiver file', faults);
  if (top === undefined) return [];
  const version = top.entries.get('version');
  if (version === undefined) faults.add(top.place, 'version is missing', 'begin the file with version: 1');
  else if (version.value.kind !== 'plain' || version.value.value !== 1)
    faults.add(version.value.place, 'this version of waiver files is not known', 'write version: 1');
  const list = top.entries.get('waivers');
  if (list === undefined) {
    faults.add(top.place, 'waivers is missing', 'write waivers: [] where there are none');
    return [];
  }
  // A file whose last waiver was taken out.
  if (list.value.kind === 'plain' && list.value.value === null) return [];
  return listIn(list.value, 'waivers', faults)?.items ?? [];
}

/** The first fault, and how many more there are. */
function malformed({ all }: Faults): SluiceError {
  const [first] = all;
  if (first === undefined) return new SluiceError('waivers/malformed', 'the waivers are malformed');
  const more = all.length - 1;
  const others = more === 0 ? '' : ` (and ${more} more ${more === 1 ? 'fault' : 'faults'})`;
  return new SluiceError('waivers/malformed', `${placeText(first.place)}: ${first.message}${others}`, first.hint);
}
