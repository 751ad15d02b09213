import { inflateSync } from 'node:zlib';
import { messageOf, SluiceError } from '../util/error.ts';
import { asArray, asRecord, asString, parseJson } from '../util/json.ts';

/** The section of a program that holds the audit data of cargo-auditable. */
export const auditSection = '.dep-v0';

/** Bytes that audit data may unpack to: a program of 1,000 crates has about 100 kB. */
const maxData = 16 * 1024 * 1024;
/** The most crates that one program's audit data may name. */
const maxCrates = 100_000;
/** The most dependencies that are read in all: a graph names each of its edges once. */
const maxDependencies = 1_000_000;
/** The longest name, version or source, in characters. */
const maxText = 1_000;

/** One crate that a program was built from. */
export interface AuditedCrate {
  readonly name: string;
  readonly version: string;
  /** `crates.io`, `git`, `local`, `registry`, or another word. */
  readonly source: string;
  /** Whether only the build ran it: a build script, a procedural macro, or what these need. */
  readonly build: boolean;
  /** Whether it is the program itself. */
  readonly root: boolean;
  /** The crates that it needs, as indexes into {@link AuditData.crates}. */
  readonly dependencies: readonly number[];
}

/** What a program says of its crates. */
export interface AuditData {
  /** Undefined where an entry could not be read, so that indexes stay true. */
  readonly crates: readonly (AuditedCrate | undefined)[];
}

/**
 * Reads the bytes of the section `.dep-v0` (cargo-auditable, PARSING.md): zlib around JSON. What stands behind the packed
 * data is padding.
 * @throws SluiceError `cargo/audit-data-damaged` when it can't be read; a text that unpacks to more than the limit is an
 * attack on memory.
 */
export function readAuditData(section: Buffer): AuditData {
  const packages = asArray(asRecord(parse(inflate(section)))?.packages);
  if (packages === undefined) throw damaged('it names no packages');
  if (packages.length > maxCrates) throw damaged(`it names more than ${maxCrates} crates`);
  let left = maxDependencies;
  const crates = packages.map((value) => {
    const crate = crateOf(value, packages.length);
    left -= crate?.dependencies.length ?? 0;
    if (left < 0) throw damaged(`it names more than ${maxDependencies} dependencies`);
    return crate;
  });
  return { crates };
}

function inflate(section: Buffer): Buffer {
  try {
    return inflateSync(section, { maxOutputLength: maxData });
  } catch (thrown) {
    const tooLong = (thrown as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
    throw damaged(tooLong ? `it unpacks to more than ${maxData} bytes` : messageOf(thrown));
  }
}

function parse(text: Buffer): unknown {
  try {
    return parseJson(text);
  } catch (thrown) {
    throw damaged(messageOf(thrown));
  }
}

function crateOf(value: unknown, count: number): AuditedCrate | undefined {
  const entry = asRecord(value);
  const name = textOf(entry?.name);
  const version = textOf(entry?.version);
  const source = textOf(entry?.source);
  if (entry === undefined || name === undefined || version === undefined || source === undefined) return undefined;
  const dependencies = (asArray(entry.dependencies) ?? []).filter(
    (index): index is number => Number.isInteger(index) && (index as number) >= 0 && (index as number) < count,
  );
  // What is not known to be for the build alone counts as a part of the program.
  return { name, version, source, build: entry.kind === 'build', root: entry.root === true, dependencies };
}

function textOf(value: unknown): string | undefined {
  const text = asString(value);
  return text === undefined || text === '' || text.length > maxText ? undefined : text;
}

function damaged(why: string): SluiceError {
  return new SluiceError('cargo/audit-data-damaged', `the audit data of a Rust program can not be read: ${why}`);
}
