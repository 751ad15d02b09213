import { orderOf } from '../match/clearing-fix.ts';
import type { Finding } from '../model/finding.ts';
import type { BaseImage } from '../model/image.ts';

/**
 * The update that ends a finding: `update openssl to 3.0.11-1`; undefined when it has no fix. `clearing`: the version
 * that clears most of what is wrong with its package, which is taken where it ends this one as well.
 */
export function updateText(finding: Finding, clearing: string, base: BaseImage | undefined): string | undefined {
  const { name, fixed, presence, from, paths } = finding;
  const newest = fixed.at(-1);
  if (newest === undefined) return undefined;
  const version = clears(clearing, finding) ? clearing : newest;
  const [path] = paths;
  const where = presence === 'declared' && path !== undefined ? ` in ${path}` : '';
  const brought = from === 'base' ? `, which the base image${base?.name ? ` ${base.name}` : ''} brings` : '';
  return `update ${name} to ${version}${where}${brought}`;
}

/** Whether it is one of its fixes, or no older than all of them. */
function clears(version: string, finding: Finding): boolean {
  if (version === '') return false;
  if (finding.fixed.includes(version)) return true;
  const compare = orderOf(finding);
  return compare !== undefined && finding.fixed.every((fix) => compare(version, fix) >= 0);
}
