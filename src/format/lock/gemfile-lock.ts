import { type EditContext, type Edited, edited, refused, type VersionChange } from './contract.ts';
import { type PlacedLine, placedLines, type Splice, spliced } from './splices.ts';

/**
 * Edits a Gemfile.lock (Bundler::LockfileParser): the gem's line, and its line among the digests, of which the old one goes
 * and Bundler fills in the new. A gem that needs others is left to Bundler: what the new version needs is not in the file.
 */
export function editGemfileLock(file: string, text: string, change: VersionChange, context: EditContext): Edited {
  const reader = new GemLines(change, context);
  for (const line of placedLines(text)) {
    const because = reader.read(line);
    if (because !== undefined) return refused(because);
  }
  if (reader.splices.length === 0) return refused(`the file does not lock ${change.name} ${change.from}`);
  return edited(file, spliced(text, reader.splices));
}

class GemLines {
  readonly splices: Splice[] = [];
  readonly #change: VersionChange;
  readonly #context: EditContext;
  #section = '';
  #isGem = false;

  constructor(change: VersionChange, context: EditContext) {
    this.#change = change;
    this.#context = context;
  }

  /** Takes one line; why the file can't be edited, where the line says so. */
  read(line: PlacedLine): string | undefined {
    const { name, to } = this.#change;
    const content = line.text.trim();
    if (content === '') return undefined;
    const indent = line.text.length - line.text.trimStart().length;
    if (indent === 0) this.#section = content;
    const asked = askedOf(line.text, indent, this.#section, name);
    if (asked !== undefined && !this.#context.admits(asked, to)) {
      return this.#section === 'DEPENDENCIES'
        ? `the Gemfile asks for ${name} ${asked}, which must be raised first`
        : `another gem asks for ${name} ${asked}, and must be updated with it`;
    }
    if (this.#isGem && indent === 6) return `${name} needs other gems, and only Bundler can tell which`;
    if (indent <= 4) this.#isGem = this.#takeGem(line, indent);
    if (this.#section === 'CHECKSUMS' && indent === 2) this.splices.push(...checksumOf(line, this.#change));
    return undefined;
  }

  /** Whether the line is that of the gem. */
  #takeGem(line: PlacedLine, indent: number): boolean {
    const gem = indent === 4 && this.#section === 'GEM' ? gemOf(line) : undefined;
    if (!gem || !isThis(gem, this.#change)) return false;
    this.splices.push(versionOf(line.start, gem, this.#change));
    return true;
  }
}

interface Gem {
  readonly name: string;
  readonly version: string;
  /** Where the version begins in the line. */
  readonly start: number;
  /** Where the parenthesis behind it closes. */
  readonly end: number;
}

/** `nokogiri (1.11.0-x86_64-linux)`: what follows a hyphen is the platform. */
function gemOf({ text }: Pick<PlacedLine, 'text'>): Gem | undefined {
  const open = text.indexOf(' (');
  const end = text.indexOf(')', open);
  if (open < 0 || end < 0) return undefined;
  const inside = text.slice(open + 2, end);
  const cut = inside.indexOf('-');
  const name = text.slice(0, open).trim();
  return { name, version: cut < 0 ? inside : inside.slice(0, cut), start: open + 2, end };
}

function isThis(gem: Gem | undefined, change: VersionChange): boolean {
  return gem?.name === change.name && gem.version === change.from;
}

function versionOf(lineStart: number, gem: Gem, change: VersionChange): Splice {
  const start = lineStart + gem.start;
  return { start, end: start + gem.version.length, text: change.to };
}

/** What a gem (at six blanks) or the Gemfile (at two) asks of this one: `~> 2.0, >= 2.0.8`; empty when anything will do. */
function askedOf(line: string, indent: number, section: string, name: string): string | undefined {
  const asks = (indent === 6 && section !== 'CHECKSUMS') || (indent === 2 && section === 'DEPENDENCIES');
  if (!asks) return undefined;
  const text = line.trim();
  const open = text.indexOf(' (');
  const who = (open < 0 ? text : text.slice(0, open)).replace(/!$/, '');
  if (who !== name) return undefined;
  return open < 0 ? '' : text.slice(open + 2, text.indexOf(')', open));
}

/** `rack (3.0.8) sha256=…` keeps its name and loses its digest: Bundler takes a line without one. */
function checksumOf({ start, text }: PlacedLine, change: VersionChange): Splice[] {
  const gem = gemOf({ text });
  if (!gem || !isThis(gem, change)) return [];
  return [versionOf(start, gem, change), { start: start + gem.end + 1, end: start + text.length, text: '' }];
}
