import { type AuditData, type AuditedCrate, auditSection, readAuditData } from '../../format/dep-v0.ts';
import { planElf, readPartialElf } from '../../format/elf.ts';
import { findSection, readExecutables, regionBytes } from '../../format/executable.ts';
import type { Executable } from '../../format/executable-view.ts';
import type { PackageRecord, Presence } from '../../model/package.ts';
import { type Problem, warning } from '../../model/problem.ts';
import { SluiceError } from '../../util/error.ts';
import type { ClaimedFile, Parsed, PartialReader, PartlyReadFile } from '../contract.ts';
import { distinctNames, isField } from './locked.ts';

/**
 * How large programs are read: an ELF file's tables tell whether there is audit data. Linkers put it right before them,
 * behind what the program loads; where debug information stands between, the whole is asked for.
 */
export const partialReader: PartialReader = {
  from: 1024 * 1024,
  markLength: 1,
  findMark: () => -1,
  plan: planElf,
  parse: parsePartly,
};

function parsePartly(file: PartlyReadFile): Parsed | undefined {
  const program = readPartialElf(file);
  if (program === undefined) return undefined;
  const section = findSection(program, auditSection);
  // A section that was not kept is empty here.
  if (section !== undefined && section.length === 0) return undefined;
  return parsedOf([program], file.path);
}

/** The crates that a program was built from, where cargo-auditable noted them; empty for all others. Never throws. */
export function parseBinary(file: ClaimedFile): Parsed {
  return parsedOf(readExecutables(file.bytes), file.path);
}

function parsedOf(programs: readonly Executable[], path: string): Parsed {
  const packages = new Map<string, PackageRecord>();
  const problems = new Map<string, Problem>();
  for (const program of programs) {
    const section = findSection(program, auditSection);
    if (section === undefined) continue;
    try {
      const data = readAuditData(regionBytes(program, section));
      for (const record of recordsOf(data)) {
        const key = `${record.name}@${record.version} ${record.presence}`;
        if (!packages.has(key)) packages.set(key, record);
      }
      const problem = incompleteness(data, path);
      if (problem !== undefined) problems.set(problem.message, problem);
    } catch (thrown) {
      if (!(thrown instanceof SluiceError)) throw thrown;
      problems.set(thrown.message, warning(thrown.code, thrown.message, path));
    }
  }
  return { packages: [...packages.values()], problems: [...problems.values()] };
}

function isNamed(crate: AuditedCrate | undefined): crate is AuditedCrate {
  return crate !== undefined && isField(crate.name) && isField(crate.version);
}

function recordsOf({ crates }: AuditData): PackageRecord[] {
  return crates.filter(isNamed).map((crate) => {
    const { name, version } = crate;
    const needed = crate.dependencies.map((index) => crates[index]).filter(isNamed);
    // What a crate needs to be built, it does not need to run.
    const needs = distinctNames(needed.filter(({ build }) => crate.build || !build).map((other) => other.name));
    return { name, version, presence: presenceOf(crate), ...(needs.length > 0 ? { needs } : {}) };
  });
}

/** Crates of the same workspace are parts of the program; those of the build alone are named in it, and not in it. */
function presenceOf({ root, source, build }: AuditedCrate): Presence {
  if (root || source === 'local') return 'application';
  return build ? 'declared' : 'installed';
}

function incompleteness({ crates }: AuditData, path: string): Problem | undefined {
  const bad = crates.length - crates.filter(isNamed).length;
  if (bad === 0) return undefined;
  const message = `${bad === 1 ? '1 crate' : `${bad} crates`} of the audit data can not be read`;
  return warning('cargo/audit-data-damaged', message, path);
}
