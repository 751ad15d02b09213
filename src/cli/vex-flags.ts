import { existsSync } from 'node:fs';
import type { ScanOptions } from '../pipeline/options.ts';
import type { Flag, Flags } from './flags.ts';

const attached = 'attached';
const unverified = 'attached-unverified';

/** The flag that names VEX. */
export const vexFlag: Flag = {
  name: 'vex',
  value: 'FILE|DIR',
  multiple: true,
  doc: `VEX documents (OpenVEX, CSAF, CycloneDX): a file, or a folder of them; ${attached}: show what is attached to the image; ${unverified}: believe it; may be repeated`,
};

/** In the environment several stand in one text; a path may hold a comma all the same. */
function namesIn(text: string): string[] {
  return existsSync(text) ? [text] : text.split(',');
}

/** The VEX that the flags name. @throws SluiceError `vex/...` */
export async function vexOf(
  given: Flags,
  warn?: (message: string) => void,
): Promise<Pick<ScanOptions, 'vex' | 'attachedVex'>> {
  const named = given.list(vexFlag.name).flatMap(namesIn);
  const paths = named.filter((text) => text !== attached && text !== unverified && text !== '');
  const attachedVex = named.includes(unverified) ? 'believed' : named.includes(attached) ? 'shown' : undefined;
  if (paths.length === 0) return { attachedVex };
  const { readVex } = await import('../source/vex-files.ts');
  return { vex: readVex(paths, warn), attachedVex };
}
