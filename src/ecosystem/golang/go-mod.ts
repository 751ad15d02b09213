import type { PackageRecord } from '../../model/package.ts';
import { type Problem, warning } from '../../model/problem.ts';
import type { ClaimedFile, Parsed } from '../contract.ts';
import { type Directive, readDirectives } from './go-mod-lines.ts';
import { isModuleWord } from './module-word.ts';

/** The largest go.mod that is read, in bytes; the largest real ones have about 100 kB. */
const maxSize = 16 * 1024 * 1024;
/** The modules of the Go toolchain itself: its programs say what they were built from, and it is no dependency. */
const toolchainModules = new Set(['std', 'cmd']);

interface Module {
  readonly path: string;
  /** Empty in a replacement by a local folder. */
  readonly version: string;
}

/** What go.mod says, before replacements and exclusions are applied. */
interface Statements {
  /** The path of the module itself. */
  own: string;
  readonly required: Module[];
  /** From `path@version`, or `path@` for every version. */
  readonly replaced: Map<string, Module>;
  readonly excluded: Set<string>;
}

/**
 * The modules that a go.mod file requires (Go modules reference, "go.mod files"), as they would be built: replaced
 * ones as their replacement, without those that a local folder replaces and without excluded versions. The module
 * itself has no version there, so it is not among them. Never throws.
 */
export function parseGoMod(file: ClaimedFile): Parsed {
  if (file.bytes.length > maxSize) {
    return { packages: [], problems: [warning('go/mod-unreadable', 'go.mod is larger than 16 MiB', file.path)] };
  }
  const { directives, badLine } = readDirectives(file.bytes.toString('utf8'));
  const statements: Statements = { own: '', required: [], replaced: new Map(), excluded: new Set() };
  let wrong: Directive | undefined;
  for (const directive of directives) {
    if (!apply(statements, directive)) wrong ??= directive;
  }
  const problems: Problem[] = [];
  if (badLine !== undefined) {
    problems.push(warning('go/mod-unreadable', `line ${badLine} of go.mod can not be read`, file.path));
  } else if (wrong !== undefined) {
    problems.push(warning('go/mod-unreadable', `a "${wrong.verb}" directive of go.mod can not be read`, file.path));
  }
  return { packages: declared(statements), problems };
}

/** False when a directive that matters makes no sense. Others (`go`, `retract`, what a later Go adds) are passed over. */
function apply(statements: Statements, { verb, words }: Directive): boolean {
  switch (verb) {
    case 'module':
      statements.own = words[0] ?? '';
      return words.length === 1 && isModuleWord(words[0]);
    case 'require': {
      const module = moduleOf(words);
      if (module !== undefined) statements.required.push(module);
      return module !== undefined;
    }
    case 'exclude': {
      const module = moduleOf(words);
      if (module !== undefined) statements.excluded.add(`${module.path}@${module.version}`);
      return module !== undefined;
    }
    case 'replace':
      return replace(statements, words);
    default:
      return true;
  }
}

/** `old => new v1`, `old v1 => new v2`, `old => ./folder`. */
function replace(statements: Statements, words: readonly string[]): boolean {
  const arrow = words.indexOf('=>');
  const [path, version = ''] = words.slice(0, Math.max(arrow, 0));
  const [newPath, newVersion = ''] = words.slice(arrow + 1);
  if (arrow < 1 || arrow > 2 || words.length < arrow + 2 || words.length > arrow + 3) return false;
  if (path === undefined || newPath === undefined || !isModuleWord(path)) return false;
  // A folder may have any name, and its name is not used.
  if (newVersion !== '' && !(isModuleWord(newPath) && isModuleWord(newVersion))) return false;
  statements.replaced.set(`${path}@${version}`, { path: newPath, version: newVersion });
  return true;
}

function moduleOf(words: readonly string[]): Module | undefined {
  const [path, version] = words;
  if (words.length !== 2 || path === undefined || version === undefined) return undefined;
  return isModuleWord(path) && isModuleWord(version) ? { path, version } : undefined;
}

function declared(statements: Statements): PackageRecord[] {
  if (toolchainModules.has(statements.own)) return [];
  const records = new Map<string, PackageRecord>();
  for (const module of statements.required) {
    const key = `${module.path}@${module.version}`;
    if (statements.excluded.has(key)) continue;
    // The replacement of one version goes before that of all (Go modules reference, "replace directive").
    const { path, version } = statements.replaced.get(key) ?? statements.replaced.get(`${module.path}@`) ?? module;
    if (version !== '') records.set(`${path}@${version}`, { name: path, version, presence: 'declared' });
  }
  return [...records.values()];
}
