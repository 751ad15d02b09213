import {
  type ConfigurationText,
  deepestInclude,
  type Include,
  mostCharacters,
  mostIncludes,
  mostSettings,
  noAttributes,
  type Setting,
  type Settings,
} from './contract.ts';

/** Which of several settings of one name the program goes by. */
export type Counts = 'first' | 'last';

/** Gathers the settings of a document, and of what it includes, in the order in which the program reads them. */
export class Gatherer {
  readonly all: Setting[] = [];
  lack: string | undefined;
  readonly #effective = new Map<string, Setting>();
  readonly #counts: Counts;
  readonly #include: Include;
  /** Files that are being read, outer ones first. */
  readonly #open: string[] = [];
  #included = 0;
  #characters = 0;

  constructor(counts: Counts, include: Include) {
    this.#counts = counts;
    this.#include = include;
  }

  /** Reads a file and returns what was gathered. `read`: what reads one file, and calls {@link Gatherer.include} for others. */
  gather(file: ConfigurationText, read: (file: ConfigurationText) => void): Settings {
    this.#read(file, read);
    return { effective: this.#effective, all: this.all, ...(this.lack === undefined ? {} : { lack: this.lack }) };
  }

  /** Reads the files that a line includes. `folder`: what a relative path stands below. */
  include(pattern: string, folder: string, read: (file: ConfigurationText) => void): void {
    for (const file of this.#include(pattern.startsWith('/') ? pattern : `${folder}/${pattern}`))
      this.#read(file, read);
  }

  #read(file: ConfigurationText, read: (file: ConfigurationText) => void): void {
    // A file that includes itself, or each of many that includes all: programs refuse that, and so much is not read.
    if (this.#open.includes(file.path) || this.#open.length > deepestInclude || this.#included++ > mostIncludes) {
      this.lack ??= 'too many files include each other';
      return;
    }
    this.#open.push(file.path);
    read(file);
    this.#open.pop();
  }

  /** Whether there is room for more. */
  get full(): boolean {
    if (this.all.length < mostSettings && this.#characters < mostCharacters) return false;
    this.lack ??= `it has more than ${mostSettings} settings, or ${mostCharacters} characters in them`;
    return true;
  }

  /** Adds a setting, and returns it where there is room; `counts`: whether the program goes by it, outside of blocks. */
  add(setting: Partial<Setting> & Pick<Setting, 'name' | 'line' | 'path'>, counts = true): Setting | undefined {
    if (this.full) return undefined;
    const { value = '', args = value === '' ? [] : [value], block = '', attributes = noAttributes } = setting;
    const whole: Setting = {
      name: setting.name,
      value,
      args,
      attributes,
      block,
      line: setting.line,
      path: setting.path,
    };
    // Names of nested settings hold those of all around them: few bytes would make many.
    this.#characters += whole.name.length + whole.value.length + block.length;
    this.all.push(whole);
    if (counts) this.count(whole.name, whole);
    return whole;
  }

  /** Makes a setting one that the program goes by under a name, where no earlier one counts. */
  count(name: string, setting: Setting): void {
    if (this.#counts === 'last' || !this.#effective.has(name)) this.#effective.set(name, setting);
  }
}

/** The folder of a file, without a slash at its end. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
