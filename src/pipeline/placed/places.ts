import type { StandingBodies } from '../../catalog/standing.ts';

/** How places in the files of a target are told. */
export interface FilePlaces {
  readonly standing: StandingBodies;
  /** How many layers are the base's. */
  readonly baseLayers: number;
  /** Of a folder, which has no layers: its paths are told without a slash in front where it is a source tree. */
  readonly folder?: 'rootfs' | 'source';
}

/** A clean path as places have it. */
export function shownPath(path: string, folder: FilePlaces['folder']): string {
  return folder === 'source' ? path : `/${path}`;
}
