import { planElf, readPartialElf } from '../../format/elf.ts';
import { findSection, readExecutables } from '../../format/executable.ts';
import type { Executable } from '../../format/executable-view.ts';
import {
  findGoBuildInfo,
  findKeptGoBuildInfo,
  type GoBuildInfo,
  type GoBuildInfoSearch,
  indexOfMark,
  markLength,
  mayBeginBuildInfo,
} from '../../format/go-buildinfo.ts';
import type { GoModule } from '../../format/go-modinfo.ts';
import type { PackageRecord } from '../../model/package.ts';
import { type Problem, warning } from '../../model/problem.ts';
import type { ClaimedFile, Parsed, PartialReader, PartlyReadFile } from '../contract.ts';
import { mainVersion } from './main-version.ts';
import { standardLibrary, standardLibraryVersion, unversioned } from './version-name.ts';

/** Sections that only the Go linker makes; a program that has one and no build information says nothing of its parts. */
const goSections = ['.gopclntab', '.data.rel.ro.gopclntab', '__gopclntab', '.note.go.buildid'];
/** Where UPX leaves its mark: in the first and in the last bytes of what it packed. */
const packerMark = Buffer.from('UPX!', 'latin1');
const packerHead = 4_096;
const packerTail = 256;

/**
 * How large programs are read: an ELF file's tables and its writable data, where Go's linker has put its build
 * information since Go 1.18. Older programs, and marks elsewhere, ask for the whole.
 */
export const partialReader: PartialReader = {
  from: 1024 * 1024,
  markLength,
  findMark: indexOfMark,
  plan: planElf,
  parse: parsePartly,
};

function parsePartly(file: PartlyReadFile): Parsed | undefined {
  const program = readPartialElf(file);
  if (program === undefined) return undefined;
  if (!file.marks.some(mayBeginBuildInfo)) return parsedOf([{ program, search: { kind: 'absent' } }], file.path);
  const info = findKeptGoBuildInfo(program, file);
  return info && parsedOf([{ program, search: { kind: 'found', info } }], file.path);
}

/** The Go modules that an executable file was built from; empty for programs that Go did not build. Never throws. */
export function parseBinary(file: ClaimedFile): Parsed {
  const programs = readExecutables(file.bytes);
  return parsedOf(
    programs.map((program) => ({ program, search: findGoBuildInfo(program) })),
    file.path,
  );
}

interface SearchedProgram {
  readonly program: Executable;
  readonly search: GoBuildInfoSearch;
}

function parsedOf(programs: readonly SearchedProgram[], path: string): Parsed {
  const packages = new Map<string, PackageRecord>();
  const problems = new Map<string, Problem>();
  for (const { program, search } of programs) {
    const problem = search.kind === 'found' ? incompleteness(search.info, path) : blindness(program, search.kind, path);
    if (problem !== undefined) problems.set(problem.code, problem);
    if (search.kind !== 'found') continue;
    for (const record of recordsOf(search.info)) packages.set(`${record.name}@${record.version}`, record);
  }
  return { packages: [...packages.values()], problems: [...problems.values()] };
}

/** Why nothing is known of a program that may be Go's. */
function blindness(program: Executable, kind: 'damaged' | 'absent', path: string): Problem | undefined {
  if (isPacked(program.bytes)) {
    return warning('go/packed', 'the program is packed with UPX: what it was built from can not be seen', path);
  }
  if (kind === 'damaged') return warning('go/buildinfo-damaged', 'the Go build information can not be read', path);
  if (goSections.some((name) => findSection(program, name) !== undefined)) {
    return warning('go/buildinfo-missing', 'a Go program without build information: its modules are not known', path);
  }
  return undefined;
}

function isPacked(bytes: Buffer): boolean {
  const tail = bytes.subarray(Math.max(0, bytes.length - packerTail));
  return bytes.subarray(0, packerHead).includes(packerMark) || tail.includes(packerMark);
}

/** What is missing from build information that could be read. */
function incompleteness(info: GoBuildInfo, path: string): Problem | undefined {
  if (info.badLines > 0) {
    const lines = info.badLines === 1 ? '1 line' : `${info.badLines} lines`;
    return warning('go/buildinfo-damaged', `${lines} of the Go build information can not be read`, path);
  }
  if (!info.hasModules) {
    const message = 'a Go program that was not built from modules: only its standard library is known';
    return warning('go/modules-unknown', message, path);
  }
  return undefined;
}

function recordsOf(info: GoBuildInfo): PackageRecord[] {
  const records: PackageRecord[] = [];
  const library = standardLibraryVersion(info.goVersion);
  if (library !== undefined) records.push({ name: standardLibrary, version: library, presence: 'installed' });
  if (info.main !== undefined) {
    records.push({ name: info.main.path, version: mainVersion(info.main, info.settings), presence: 'application' });
  }
  for (const dependency of info.dependencies) records.push(recordOf(dependency));
  return records;
}

/**
 * A replaced module is what replaced it. One that was built from a local folder (`replace` without a version, a
 * workspace) has no version, whatever `go.mod` asked for: it is a part of the program itself.
 */
function recordOf(dependency: GoModule): PackageRecord {
  const built = dependency.replacement ?? dependency;
  const local = built.version === '' || built.version === unversioned;
  if (local) return { name: dependency.path, version: unversioned, presence: 'application' };
  return { name: built.path, version: built.version, presence: 'installed' };
}
