import type { VexComponent } from '../../model/vex.ts';
import { purlsOf } from './terms.ts';

/**
 * Whether a component is named together with a version: by a digest, by a purl with a version or a tag, or by a text,
 * which only a reference with a tag or digest is gone by. A CPE is of a whole system, whose packages have other versions.
 */
export function isPinned(component: VexComponent): boolean {
  if (component.hashes.length > 0) return true;
  const purls = purlsOf(component);
  if (purls.length > 0) return purls.some(({ version, qualifiers }) => (version ?? qualifiers.tag) !== undefined);
  return component.ids.some((id) => !id.startsWith('pkg:') && !id.startsWith('cpe:'));
}
