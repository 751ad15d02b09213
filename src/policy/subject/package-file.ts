import type { PackageFileFact } from '../../model/collected.ts';
import { parsePurl } from '../../model/parse-purl.ts';
import { kindOf, type Scene } from './scene.ts';

/** A file that is not any more what its package says, as rules read it. */
export class PackageFileView {
  readonly path: string;
  readonly state: string;
  readonly package: string;
  readonly name: string;
  readonly version: string;
  readonly ecosystem: string;
  readonly layer: number;
  readonly from: string;

  constructor({ path, state, package: purl, layer }: PackageFileFact, scene: Scene) {
    const found = scene.packageCalled(purl);
    const parts = found ? undefined : parsePurl(purl);
    this.path = path;
    this.state = state;
    this.package = purl;
    this.name = found?.name ?? parts?.name ?? '';
    this.version = found?.version ?? parts?.version ?? '';
    this.ecosystem = kindOf(purl);
    this.layer = layer ?? -1;
    this.from = layer === undefined ? '' : scene.sideOf(layer);
  }
}
