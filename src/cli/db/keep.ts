import { defaultKeepMs } from '../../advisory/snapshots.ts';
import { SluiceError } from '../../util/error.ts';
import type { Flag, Flags } from '../flags.ts';

/** The flag of all that removes what is out of force; in the environment it holds for all of them. */
export const keepFlag: Flag = {
  name: 'keep',
  value: 'TIME',
  doc: 'keep what went out of force less long ago, such as 30d or 12h; by default 24h',
};

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time such as `30d`, `12h` or `0h`, in milliseconds; `absent` where none is given. @throws SluiceError `usage/time` */
export function keepMsOf(given: Flags, absent: number = defaultKeepMs): number {
  const text = given.text(keepFlag.name);
  if (text === undefined) return absent;
  const match = /^(\d{1,5})([mhd])$/.exec(text);
  const unit = units[match?.[2] ?? ''];
  if (match && unit !== undefined) return Number(match[1]) * unit;
  throw new SluiceError('usage/time', `--keep takes a time, not ${text}`, 'such as 30d, 12h or 90m');
}
