import { type Problem, warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { baseName, isNamed } from '../../util/path.ts';
import { order } from '../../version/gem.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { packageLimit } from './field.ts';
import { fileIdentity, readGemspec, type Specification } from './gemspec.ts';
import { readGemfileLock } from './lock-file.ts';
import { gemFolder, isInPackage, specificationPlace } from './place.ts';

/** Largest file (bytes) that is read. */
const sizeLimit = 32 * 1024 * 1024;

type Kind = 'specification' | 'lock';

/** Ruby gems: what RubyGems and Bundler installed, and what Gemfile.lock and gems.locked name. */
export const ecosystem: Ecosystem = {
  id: 'gem',
  title: 'Ruby gems',
  recognises: [
    {
      what: '`specifications/**/*.gemspec`',
      example: 'usr/local/bundle/specifications/x-1.0.gemspec',
      presence: 'installed',
    },
    {
      what: '`bundler/gems/**/*.gemspec` (from git)',
      example: 'usr/local/bundle/bundler/gems/x-0a1b2c3d4e5f/x.gemspec',
      presence: 'installed',
    },
    { what: '`Gemfile.lock`', example: 'app/Gemfile.lock', presence: 'declared' },
    { what: '`gems.locked`', example: 'app/gems.locked', presence: 'declared' },
  ],
  revision: 1,
  database: false,
  limit: sizeLimit,
  order,
  lastLetters: 'ckd',
  claims: (path) => kindOf(path) !== undefined,
  parse(file) {
    const kind = kindOf(file.path);
    if (kind === 'specification') return parseSpecification(file);
    if (kind === 'lock') return parseLock(file);
    return { packages: [], problems: [] };
  },
  folder: gemFolder,
  /** The platform tells builds of one version apart; what is built for none is of pure Ruby. */
  purl: ({ name, version, arch }) => buildPurl({ type: 'gem', name, version, qualifiers: { platform: arch } }),
  advisories: ({ name, version }) => ({ ecosystem: 'RubyGems', name, version }),
};

/** The last letter alone turns almost every path away. */
function kindOf(path: string): Kind | undefined {
  switch (path.charCodeAt(path.length - 1)) {
    case 0x63: // gemspec
      return path.endsWith('.gemspec') && specificationPlace(path) !== undefined ? 'specification' : undefined;
    case 0x6b: // Gemfile.lock
      return isNamed(path, 'Gemfile.lock') && !isInPackage(path) ? 'lock' : undefined;
    case 0x64: // gems.locked
      return isNamed(path, 'gems.locked') && !isInPackage(path) ? 'lock' : undefined;
    default:
      return undefined;
  }
}

/** What the text of an installed gem's specification doesn't say, its file's name does, so that emptying it hides nothing. */
function parseSpecification(file: ClaimedFile): Parsed {
  const said = readGemspec(file.bytes);
  const named: Specification =
    specificationPlace(file.path) === 'installed' ? (fileIdentity(baseName(file.path)) ?? {}) : {};
  const name = said.name ?? named.name;
  const version = said.version ?? named.version;
  if (name === undefined || version === undefined) {
    const message = 'the gemspec names no gem and version in plain text';
    return { packages: [], problems: [warning('gem/unreadable', message, file.path)] };
  }
  const problems: Problem[] = [];
  if (said.name === undefined || said.version === undefined) {
    problems.push(warning('gem/unreadable', "name or version is missing; the file's name tells it", file.path));
  }
  const platform = said.platform ?? (said.name === undefined ? named.platform : undefined);
  const { license, needs } = said;
  const record = {
    name,
    version,
    presence: 'installed' as const,
    ...(platform === undefined ? {} : { arch: platform }),
    ...(license === undefined ? {} : { license }),
    ...(needs === undefined ? {} : { needs }),
  };
  return { packages: [record], problems };
}

function parseLock(file: ClaimedFile): Parsed {
  try {
    const { records, full } = readGemfileLock(file.bytes);
    if (!full) return { packages: records, problems: [] };
    const message = `the lock file names more than ${packageLimit} gems; the rest is left out`;
    return { packages: records, problems: [warning('gem/too-many-packages', message, file.path)] };
  } catch (thrown) {
    if (!(thrown instanceof SluiceError)) throw thrown;
    return { packages: [], problems: [warning('gem/unreadable', thrown.message, file.path)] };
  }
}
