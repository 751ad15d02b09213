import type { PackageRecord } from '../../model/package.ts';
import { warning } from '../../model/problem.ts';
import type { ClaimedFile, Parsed } from '../contract.ts';
import { endOfNumbers, readVersion } from './version-text.ts';

/** Larger files are none of these (bytes). */
const maxSize = 64 * 1024;
const nothing: Parsed = { packages: [], problems: [] };

/** A file in which a program that is no single file says its version. */
interface TextForm {
  claims(path: string): boolean;
  read(text: string, path: string): Parsed;
}

const forms: readonly TextForm[] = [
  { claims: isGoVersion, read: readGo },
  { claims: isOtpVersion, read: readOtp },
  { claims: (path) => path.endsWith('/release'), read: readJava },
  { claims: (path) => path.endsWith('wp-includes/version.php'), read: readWordPress },
  { claims: (path) => path.endsWith('julia/julia_version.h'), read: readJulia },
];

/** Whether a file of this path and size (bytes) may say the version of a known program. */
export function isVersionFile(path: string, size: number): boolean {
  if (size > maxSize) return false;
  switch (path.charCodeAt(path.length - 1)) {
    case 0x4e: // N
      return isGoVersion(path) || isOtpVersion(path);
    case 0x65: // e
      return path.endsWith('/release');
    case 0x70: // p
      return path.endsWith('wp-includes/version.php');
    case 0x68: // h
      return path.endsWith('julia/julia_version.h');
    default:
      return false;
  }
}

/** What such a file says. Never throws. */
export function parseVersionFile({ path, bytes }: ClaimedFile): Parsed {
  const form = forms.find(({ claims }) => claims(path));
  if (form === undefined || bytes.length > maxSize || bytes.includes(0)) return nothing;
  return form.read(bytes.toString('latin1'), path);
}

function found(name: string, version: string): PackageRecord {
  return { name, version, presence: 'installed' };
}

function unreadable(name: string, path: string): Parsed {
  return {
    packages: [],
    problems: [warning('generic/unreadable', `this is ${name}, of a version that can not be read`, path)],
  };
}

/** `usr/local/go/VERSION`, and that of a toolchain that the go command fetched itself. */
function isGoVersion(path: string): boolean {
  if (!path.endsWith('/VERSION')) return false;
  const folder = path.lastIndexOf('/', path.length - 9) + 1;
  return path.startsWith('go', folder) || path.startsWith('toolchain@', folder);
}

/** `go1.22.1`, or `devel go1.24-0c2f7d1 Mon …`: the toolchain brings the source of the standard library, and its programs. */
function readGo(text: string): Parsed {
  const [line = ''] = text.split('\n', 1);
  const release = line.startsWith('devel ') ? line.slice(6) : line;
  const [word = ''] = release.split(' ', 1);
  const version = /^go(\d{1,4}\.[0-9A-Za-z.+-]{1,60})$/.exec(word.trimEnd())?.[1];
  if (version === undefined) return nothing;
  return {
    packages: [found('go', version)],
    problems: [],
    others: [{ ecosystem: 'golang', packages: [found('stdlib', version)] }],
  };
}

/** `usr/lib/erlang/releases/25/OTP_VERSION`. */
function isOtpVersion(path: string): boolean {
  if (!path.endsWith('/OTP_VERSION')) return false;
  const release = path.lastIndexOf('/', path.length - 13);
  return release > 0 && path.endsWith('releases', release);
}

/** `25.3.2.6`, with two stars behind it where patches were put on it. */
function readOtp(text: string, path: string): Parsed {
  const bytes = Buffer.from(text.trim(), 'latin1');
  const end = endOfNumbers(bytes, 0, 8);
  const version = end === undefined ? undefined : readVersionToEnd(bytes);
  return version === undefined ? unreadable('erlang', path) : { packages: [found('erlang', version)], problems: [] };
}

function readVersionToEnd(bytes: Buffer): string | undefined {
  const read = readVersion(bytes, 0);
  if (read === undefined) return undefined;
  const rest = bytes.toString('latin1', read.end);
  return rest === '' || rest === '**' ? read.version : undefined;
}

/** Keys that the `release` file of a Java runtime has beside its version, some of them in each of the makers' builds. */
const javaKeys = [
  'IMPLEMENTOR',
  'MODULES',
  'OS_ARCH',
  'OS_NAME',
  'JAVA_RUNTIME_VERSION',
  'SOURCE',
  'JAVA_VERSION_DATE',
];

/** The `release` file of a JDK, a JRE or a runtime that jlink made (JEP 223 and 220): `KEY="value"` on each line. */
function readJava(text: string, path: string): Parsed {
  const values = new Map<string, string>();
  for (const line of text.split('\n', 200)) {
    const equals = line.indexOf('=');
    if (equals > 0) values.set(line.slice(0, equals), unquoted(line.slice(equals + 1)));
  }
  const version = values.get('JAVA_VERSION');
  if (version === undefined || !javaKeys.some((key) => values.has(key))) return nothing;
  if (!isVersion(version)) return unreadable('openjdk', path);
  const packages = [found('openjdk', version)];
  const graal = values.get('GRAALVM_VERSION');
  if (graal !== undefined && isVersion(graal)) packages.push(found('graalvm', graal));
  return { packages, problems: [] };
}

function unquoted(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"') ? trimmed.slice(1, -1) : trimmed;
}

/** `17.0.9`, `1.8.0_392`, `21.0.1+12-LTS`, `9`. */
function isVersion(text: string): boolean {
  return /^\d[0-9A-Za-z._+-]{0,60}$/.test(text);
}

/** `$wp_version = '6.4.2';` */
function readWordPress(text: string, path: string): Parsed {
  return readBehind(text, '$wp_version = ', "'", 'wordpress', path);
}

/** `#define JULIA_VERSION_STRING "1.10.0"` */
function readJulia(text: string, path: string): Parsed {
  return readBehind(text, '#define JULIA_VERSION_STRING ', '"', 'julia', path);
}

function readBehind(text: string, key: string, quote: string, name: string, path: string): Parsed {
  const at = text.indexOf(key);
  if (at < 0) return nothing;
  const start = at + key.length + 1;
  const end = text.indexOf(quote, start);
  const version = end < 0 || end - start > 64 || text[start - 1] !== quote ? '' : text.slice(start, end);
  return isVersion(version) ? { packages: [found(name, version)], problems: [] } : unreadable(name, path);
}
