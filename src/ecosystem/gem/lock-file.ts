import type { PackageRecord } from '../../model/package.ts';
import { SluiceError } from '../../util/error.ts';
import { textLines } from '../../util/text-lines.ts';
import { order } from '../../version/gem.ts';
import { packageLimit, sortedNames, usableField } from './field.ts';

/** What a Gemfile.lock names. `full`: there were more than {@link packageLimit}. */
export interface LockedGems {
  readonly records: readonly PackageRecord[];
  readonly full: boolean;
}

/** One gem of one version, with what is said of all of its platforms. */
interface Entry {
  readonly name: string;
  readonly version: string;
  readonly own: boolean;
  readonly platforms: string[];
  needs?: Set<string>;
  hashes?: Set<string>;
}

/** The sections that list gems; in the last one they are the application's own. */
const sources: ReadonlySet<string> = new Set(['GEM', 'GIT', 'PLUGIN SOURCE', 'PATH']);
const otherSections: ReadonlySet<string> = new Set([
  'PLATFORMS',
  'DEPENDENCIES',
  'CHECKSUMS',
  'RUBY VERSION',
  'BUNDLED WITH',
]);
const pure = 'ruby';
/** Most platforms of one gem, and digests, that are looked at; real lock files name a dozen. */
const platformLimit = 100;
/** Signs of a digest in hexadecimal, by its algorithm. */
const digestSigns = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

/**
 * Reads a Gemfile.lock (Bundler::LockfileParser): sections at the margin, gems at four blanks, what they need at six.
 * @throws SluiceError `gem/unreadable` when it isn't one.
 */
export function readGemfileLock(bytes: Buffer): LockedGems {
  if (bytes.includes(0)) throw new SluiceError('gem/unreadable', 'the lock file is not text');
  const lock = new Lock();
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  for (const line of textLines(bytes.toString('utf8', marked ? 3 : 0))) lock.add(line);
  return lock.finish();
}

class Lock {
  readonly #entries = new Map<string, Entry>();
  #section = '';
  #inSpecs = false;
  #entry: Entry | undefined;
  #known = false;
  #blank = true;
  #full = false;

  add(line: string): void {
    if (line.trim() === '') return;
    this.#blank = false;
    const indent = indentOf(line);
    if (indent === 0) this.#startSection(line.trimEnd());
    else if (this.#section === 'CHECKSUMS' && indent === 2) this.#addChecksum(line.slice(2).trimEnd());
    else if (!sources.has(this.#section)) return;
    else if (indent === 2) this.#inSpecs = line.trim() === 'specs:';
    else if (this.#inSpecs && indent === 4) this.#addGem(line.slice(4).trimEnd());
    else if (this.#inSpecs && indent === 6) this.#addNeed(line.slice(6).trimEnd());
  }

  finish(): LockedGems {
    if (!this.#known && !this.#blank) throw new SluiceError('gem/unreadable', 'this is not a lock file of Bundler');
    return { records: [...this.#entries.values()].map(recordOf), full: this.#full };
  }

  /** A merge conflict leaves lines that are no section; what follows them up to the next section is nobody's. */
  #startSection(line: string): void {
    if (line.startsWith('<<<<<<<') || line.startsWith('=======') || line.startsWith('>>>>>>>')) {
      throw new SluiceError('gem/unreadable', 'the lock file holds a merge conflict');
    }
    this.#section = line;
    this.#inSpecs = false;
    this.#entry = undefined;
    this.#known ||= sources.has(line) || otherSections.has(line);
  }

  #addGem(text: string): void {
    this.#entry = undefined;
    const found = nameAndVersion(text);
    if (found === undefined) return;
    const own = this.#section === 'PATH';
    const entry = this.#find(found.name, found.version, own);
    this.#entry = entry;
    if (entry === undefined || entry.platforms.length >= platformLimit) return;
    if (!entry.platforms.includes(found.platform)) entry.platforms.push(found.platform);
  }

  #find(name: string, version: string, own: boolean): Entry | undefined {
    const key = `${name} ${version}`;
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    if (this.#entries.size >= packageLimit) {
      this.#full = true;
      return undefined;
    }
    const entry: Entry = { name, version, own, platforms: [] };
    this.#entries.set(key, entry);
    return entry;
  }

  /** `activesupport (= 5.2.3)`, `rack`, `nokogiri!`. */
  #addNeed(text: string): void {
    const cut = text.indexOf(' ');
    const name = cut === -1 ? text : text.slice(0, cut);
    if (this.#entry === undefined || !usableField(name)) return;
    this.#entry.needs ??= new Set();
    this.#entry.needs.add(name);
  }

  /** `rack (3.0.8) sha256=0a1b…,sha512=…`: stands behind the gems. */
  #addChecksum(text: string): void {
    const close = text.indexOf(') ');
    const found = close === -1 ? undefined : nameAndVersion(text.slice(0, close + 1));
    if (found === undefined) return;
    const entry = this.#entries.get(`${found.name} ${found.version}`);
    if (entry === undefined) return;
    for (const item of text.slice(close + 2).split(',')) {
      const hash = digestOf(item.trim());
      if (hash === undefined || (entry.hashes?.size ?? 0) >= platformLimit) continue;
      entry.hashes ??= new Set();
      entry.hashes.add(hash);
    }
  }
}

function indentOf(line: string): number {
  let at = 0;
  while (line.charCodeAt(at) === 0x20) at++;
  return at;
}

/** `nokogiri (1.11.0-x86_64-linux)`: a version of a lock file holds no hyphen, what follows one is the platform. */
function nameAndVersion(text: string): { name: string; version: string; platform: string } | undefined {
  const open = text.indexOf(' (');
  if (open === -1 || !text.endsWith(')')) return undefined;
  const name = text.slice(0, open);
  const inside = text.slice(open + 2, -1);
  const cut = inside.indexOf('-');
  const version = cut === -1 ? inside : inside.slice(0, cut);
  const platform = cut === -1 ? pure : inside.slice(cut + 1);
  return usableField(name) && order.valid(version) && usableField(platform) ? { name, version, platform } : undefined;
}

function digestOf(text: string): string | undefined {
  const cut = text.indexOf('=');
  const signs = digestSigns.get(text.slice(0, Math.max(cut, 0)));
  const hex = text.slice(cut + 1).toLowerCase();
  if (signs === undefined || hex.length !== signs) return undefined;
  for (let at = 0; at < hex.length; at++) if (!'0123456789abcdef'.includes(hex.charAt(at))) return undefined;
  return `${text.slice(0, cut)}:${hex}`;
}

/**
 * The platform that is installed in an image: the only one there is, or the only one of Linux beside those of the
 * developers' machines. None is named where it can't be told.
 */
function platformOf(platforms: readonly string[]): string | undefined {
  const linux = platforms.filter((platform) => platform.includes('linux'));
  const found = platforms.length === 1 ? platforms[0] : linux.length === 1 ? linux[0] : undefined;
  return found === pure ? undefined : found;
}

function recordOf({ name, version, own, platforms, needs, hashes }: Entry): PackageRecord {
  const platform = platformOf(platforms);
  const names = needs === undefined ? undefined : sortedNames(needs);
  return {
    name,
    version,
    presence: own ? 'application' : 'declared',
    ...(platform === undefined ? {} : { arch: platform }),
    ...(names === undefined ? {} : { needs: names }),
    ...(hashes === undefined ? {} : { hashes: [...hashes].sort() }),
  };
}
