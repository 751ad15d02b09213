import type { Collected } from '../../model/collected.ts';
import type { BaseImage } from '../../model/image.ts';
import { namedReference } from './named-reference.ts';

/** The image that the image was built on, as rules read it. */
export class BaseView {
  readonly known: boolean;
  readonly by: string;
  readonly name: string;
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly layers: number;
  readonly current: string;
  readonly outdated: boolean;
  readonly checked: boolean;

  constructor(base: BaseImage | undefined, asked: Collected['baseTag']) {
    const reference = namedReference(base?.name);
    const current = asked?.digest;
    this.known = base !== undefined;
    this.by = base?.by ?? '';
    this.name = base?.name ?? '';
    this.registry = reference?.registry ?? '';
    this.repository = reference?.repository ?? '';
    this.tag = reference?.tag ?? '';
    this.digest = base?.digest ?? '';
    this.layers = base?.layers ?? 0;
    this.current = current ?? '';
    this.outdated = current !== undefined && base?.digest !== undefined && current !== base.digest;
    this.checked = current !== undefined;
  }
}
