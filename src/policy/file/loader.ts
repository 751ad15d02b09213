import { dirname, isAbsolute, join } from 'node:path';
import { nearest } from '../../util/nearest.ts';
import type { Layer, NamedList, Packs, PolicyDocument, Use } from './document.ts';
import type { DocumentCache } from './document-cache.ts';
import { Faults, type Place } from './fault.ts';
import { type Input, readInput } from './input.ts';
import { deepestUse, documentBytes, listBytes, mostFiles, mostTexts } from './read-limits.ts';
import { shown as cut } from './shape.ts';

/** A document with all that it uses. */
export interface LoadedDocument {
  /** Stands for it however it is named. */
  readonly id: string;
  /** As messages name it. */
  readonly shown: string;
  readonly document: PolicyDocument;
  readonly layer: LoadedLayer;
  readonly policies: ReadonlyMap<string, LoadedLayer>;
}

/** A layer with all that it uses. */
export interface LoadedLayer {
  readonly layer: Layer;
  readonly uses: readonly { readonly use: Use; readonly document: LoadedDocument }[];
  readonly lists: readonly LoadedList[];
}

/** A file or pack that a policy is made of. */
export interface PolicyInput {
  /** As messages name it. */
  readonly name: string;
  /** `sha256:…` of its bytes. */
  readonly digest: string;
}

/** A list with its texts. */
export interface LoadedList {
  readonly name: string;
  readonly texts: readonly string[];
  readonly place: Place;
}

/** Reads a policy file with the files and packs that it uses. What is wrong is a fault of its own place. */
export class Loader {
  readonly faults: Faults;
  /** All that was read, in the order in which it was: by its digests the policy's is made. */
  readonly inputs: PolicyInput[] = [];
  readonly #packs: Packs;
  readonly #cache: DocumentCache | undefined;
  readonly #known = new Map<string, LoadedDocument>();
  /** Documents that are being read, outermost first. */
  readonly #open: { readonly id: string; readonly shown: string }[] = [];
  #files = 0;
  #texts = 0;

  constructor(packs: Packs, cache: DocumentCache | undefined, faults: Faults) {
    this.#packs = packs;
    this.#cache = cache;
    this.faults = faults;
  }

  /** A file that was read already. */
  async file(input: Input, shown: string, path: string, at: Place): Promise<LoadedDocument | undefined> {
    const id = `file ${input.real}`;
    const known = this.#knownOrCircle(id, shown, at);
    if (known !== undefined) return known.document;
    if (++this.#files > mostFiles) {
      this.faults.add(at, `the policy is made of more than ${mostFiles} files`);
      return undefined;
    }
    this.inputs.push({ name: shown, digest: input.digest });
    const document = await this.#read(input, shown);
    return document && this.#load(id, shown, document, dirname(path));
  }

  /** A pack by its name. */
  async pack(name: string, at: Place): Promise<LoadedDocument | undefined> {
    const load = Object.hasOwn(this.#packs, name) ? this.#packs[name] : undefined;
    if (!load) {
      const names = Object.keys(this.#packs);
      const close = nearest(name.toLowerCase(), names);
      const hint = close ? `did you mean ${close}?` : `there are ${names.join(', ')}; of a file: { file: … }`;
      this.faults.add(at, `there is no pack ${cut(name)}`, hint);
      return undefined;
    }
    const known = this.#knownOrCircle(`pack ${name}`, name, at);
    if (known !== undefined) return known.document;
    const pack = await load();
    this.inputs.push({ name: `pack ${name}`, digest: pack.digest });
    return this.#load(`pack ${name}`, name, pack.document, undefined);
  }

  /** What there is already; a circle is a fault, and then there is nothing. */
  #knownOrCircle(id: string, shown: string, at: Place): { document: LoadedDocument | undefined } | undefined {
    const known = this.#known.get(id);
    if (known) return { document: known };
    const begin = this.#open.findIndex((open) => open.id === id);
    if (begin >= 0) {
      const circle = [...this.#open.slice(begin).map((open) => open.shown), shown];
      this.faults.add(at, `rule sets in a circle: ${circle.join(' uses ')}`, 'take one of them out');
      return { document: undefined };
    }
    if (this.#open.length < deepestUse) return undefined;
    this.faults.add(at, `files use files more than ${deepestUse} deep`);
    return { document: undefined };
  }

  async #read(input: Input, shown: string): Promise<PolicyDocument | undefined> {
    const cached = this.#cache?.find(input, shown);
    if (cached) return cached;
    const { readDocument } = await import('./read-document.ts');
    const faults = new Faults();
    const document = readDocument(input.bytes, shown, shown, faults);
    for (const { place, message, hint } of faults.all) this.faults.add(place, message, hint);
    if (document && faults.all.length === 0) this.#cache?.keep(input, shown, document);
    return document;
  }

  async #load(
    id: string,
    shown: string,
    document: PolicyDocument,
    folder: string | undefined,
  ): Promise<LoadedDocument> {
    this.#open.push({ id, shown });
    const layer = await this.#layer(document.layer, shown, folder);
    const policies = new Map<string, LoadedLayer>();
    for (const named of document.policies) policies.set(named.name, await this.#layer(named.layer, shown, folder));
    this.#open.pop();
    const loaded = { id, shown, document, layer, policies };
    this.#known.set(id, loaded);
    return loaded;
  }

  async #layer(layer: Layer, shown: string, folder: string | undefined): Promise<LoadedLayer> {
    const uses: { use: Use; document: LoadedDocument }[] = [];
    for (const use of layer.use) {
      const document = 'pack' in use ? await this.pack(use.pack, use.place) : await this.#used(use, shown, folder);
      if (!document) continue;
      uses.push({ use, document });
      for (const { key, place } of document.document.ownOnly) {
        this.faults.add(place, `only the policy file itself can have ${key}: this one is used by ${shown}`);
      }
    }
    const lists = layer.lists.flatMap((list) => this.#list(list, shown, folder));
    return { layer, uses, lists };
  }

  async #used(
    use: Use & { file: string },
    by: string,
    folder: string | undefined,
  ): Promise<LoadedDocument | undefined> {
    const found = this.#input(use, by, folder, documentBytes);
    return found && this.file(found.input, found.shown, found.path, use.place);
  }

  #list(list: NamedList, by: string, folder: string | undefined): LoadedList[] {
    const { name, place, file, digest } = list;
    const asked = file === undefined ? undefined : { file, place, ...(digest ? { digest } : {}) };
    const found = asked && this.#input(asked, by, folder, listBytes);
    if (asked && !found) return [];
    if (found) this.inputs.push({ name: found.shown, digest: found.input.digest });
    const texts = found ? linesOf(found.input.bytes) : (list.texts ?? []);
    this.#texts += texts.length;
    if (this.#texts <= mostTexts) return [{ name, texts, place }];
    this.faults.add(place, `all lists together have more than ${mostTexts} texts`);
    return [];
  }

  /** A file that another one names, relative to that, with the digest that it says. */
  #input(
    asked: { readonly file: string; readonly digest?: string; readonly place: Place },
    by: string,
    folder: string | undefined,
    most: number,
  ): { input: Input; shown: string; path: string } | undefined {
    const { file, digest, place } = asked;
    if (folder === undefined) {
      this.faults.add(place, `a pack can't use the file ${cut(file)}`);
      return undefined;
    }
    const path = isAbsolute(file) ? file : join(folder, file);
    const shown = isAbsolute(file) ? file : join(dirname(by), file);
    const input = file.includes('\0') ? 'is no name of a file' : readInput(path, most);
    if (typeof input === 'string') {
      this.faults.add(place, `${cut(file)} ${input}`, hintFor(file, shown));
      return undefined;
    }
    if (digest === undefined || digest === input.digest) return { input, shown, path };
    const hint = `if that is meant: digest: ${input.digest}`;
    this.faults.add(place, `${cut(file)} is not what it was: its digest is ${input.digest.slice(0, 19)}…`, hint);
    return undefined;
  }
}

/** Where a file that can't be read was looked for, where that is not what is written. */
function hintFor(file: string, shown: string): string | undefined {
  if (/^[a-z][a-z0-9+]*:\/\//.test(file)) return 'a policy is made of files: download it, and say its digest';
  return isAbsolute(file) || file === shown
    ? undefined
    : `paths begin at the folder of the file that names them: ${cut(shown)}`;
}

/** One text a line; what follows a `#` that begins a line or stands behind white space is a comment. */
function linesOf(bytes: Buffer): readonly string[] {
  const texts: string[] = [];
  for (const line of bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split('\n')) {
    const comment = /(?:^|\s)#/.exec(line);
    const text = (comment ? line.slice(0, comment.index) : line).trim();
    if (text !== '') texts.push(text);
  }
  return texts;
}
