import type { FileFact } from '../../model/collected.ts';
import type { Scene } from './scene.ts';

/** A file of the final image, as rules read it. */
export class FileView {
  readonly path: string;
  readonly name: string;
  readonly folder: string;
  readonly kind: string;
  readonly size: number;
  readonly mode: number;
  readonly octal: string;
  readonly setuid: boolean;
  readonly setgid: boolean;
  readonly sticky: boolean;
  /** A symbolic link's own permissions mean nothing. */
  readonly worldWritable: boolean;
  readonly executable: boolean;
  readonly capable: boolean;
  readonly capabilities: readonly string[];
  readonly inOpenFolder: boolean;
  readonly uid: number;
  readonly gid: number;
  readonly link: string;
  readonly layer: number;
  readonly from: string;
  readonly owner: string;
  readonly owned: boolean;
  readonly sha256: string;
  readonly matches: readonly string[];
  readonly values: Readonly<Record<string, string>>;
  readonly #scene: Scene;

  constructor(fact: FileFact, scene: Scene) {
    const { path, mode } = fact;
    const slash = path.lastIndexOf('/');
    this.path = path;
    this.name = path.slice(slash + 1);
    this.folder = slash > 0 ? path.slice(0, slash) : '/';
    this.kind = fact.kind;
    this.size = fact.size;
    this.mode = mode;
    this.octal = mode.toString(8).padStart(4, '0');
    this.setuid = (mode & 0o4000) !== 0;
    this.setgid = (mode & 0o2000) !== 0;
    this.sticky = (mode & 0o1000) !== 0;
    this.worldWritable = fact.kind !== 'symlink' && (mode & 0o002) !== 0;
    this.executable = fact.kind === 'file' && (mode & 0o111) !== 0;
    this.capable = fact.capabilities !== undefined;
    this.capabilities = fact.capabilities ?? [];
    this.inOpenFolder = fact.inOpenFolder ?? false;
    this.uid = fact.uid;
    this.gid = fact.gid;
    this.link = fact.link ?? '';
    this.layer = fact.layer;
    this.from = fact.from;
    this.owner = fact.owner ?? '';
    this.owned = fact.owner !== undefined;
    this.sha256 = fact.sha256 ?? '';
    this.matches = fact.matches ?? [];
    this.values = fact.values ?? {};
    this.#scene = scene;
  }

  get starts(): boolean {
    return this.kind === 'folder' ? this.#scene.isStartedFrom(this.path) : this.#scene.isStarted(this.path);
  }

  get user(): string {
    return this.#scene.userName(this.uid);
  }

  get group(): string {
    return this.#scene.groupName(this.gid);
  }
}
