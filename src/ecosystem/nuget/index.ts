import { type Problem, warning } from '../../model/problem.ts';
import { buildPurl } from '../../model/purl.ts';
import { SluiceError } from '../../util/error.ts';
import { order } from '../../version/nuget.ts';
import type { ClaimedFile, Ecosystem, Parsed } from '../contract.ts';
import { partialReader, readBundle } from './bundle.ts';
import { claims, isOfTool, kindOf, sniff } from './claims.ts';
import { readDepsJson } from './deps-json.ts';
import { type Found, packageLimit } from './found.ts';
import { readPackagesLock, readProjectAssets } from './lock-files.ts';
import { readNuspec, readPackagesConfig } from './xml-files.ts';

/** Largest program that is read, in bytes: it may be held in memory as a whole. */
const limit = 512 * 1024 * 1024;
/** Largest of the other files that is read, in bytes. */
const textLimit = 64 * 1024 * 1024;

/** NuGet packages: what .NET programs and runtimes say that they load, and what lock files and manifests name. */
export const ecosystem: Ecosystem = {
  id: 'nuget',
  title: 'NuGet packages',
  recognises: [
    { what: '`*.deps.json`', example: 'app/App.deps.json', presence: 'installed' },
    {
      what: 'shared frameworks of .NET',
      example: 'usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/Microsoft.NETCore.App.deps.json',
      presence: 'installed',
    },
    {
      what: '`*.nuspec` of .NET tools',
      example: 'root/.dotnet/tools/.store/x/1.0.0/x/1.0.0/x.nuspec',
      presence: 'installed',
    },
    {
      what: "`*.nuspec` in NuGet's folder of packages",
      example: 'root/.nuget/packages/x/1.0.0/x.nuspec',
      presence: 'declared',
    },
    { what: 'single-file programs of .NET', example: 'usr/bin/app', presence: 'installed' },
    { what: '`packages.lock.json`', example: 'src/packages.lock.json', presence: 'declared' },
    { what: '`project.assets.json`', example: 'src/obj/project.assets.json', presence: 'declared' },
    { what: '`packages.config`', example: 'src/packages.config', presence: 'declared' },
  ],
  revision: 1,
  database: false,
  limit,
  order,
  claims,
  sniff,
  partial: partialReader,
  bytesAlone: (path) => kindOf(path) === undefined,
  parse(file) {
    try {
      return parsedOf(file, read(file));
    } catch (thrown) {
      if (!(thrown instanceof SluiceError)) throw thrown;
      const code = thrown.code === 'nuget/bundle-damaged' ? thrown.code : 'nuget/unreadable';
      return { packages: [], problems: [warning(code, thrown.message, file.path)] };
    }
  },
  purl: ({ name, version }) => buildPurl({ type: 'nuget', name, version }),
  advisories: ({ name, version }) => ({ ecosystem: 'NuGet', name, version }),
};

function read(file: ClaimedFile): Found {
  const kind = kindOf(file.path);
  if (kind !== undefined && file.bytes.length > textLimit) {
    throw new SluiceError('nuget/unreadable', `the file is larger than ${textLimit} bytes`);
  }
  switch (kind) {
    case 'deps':
      return readDepsJson(file.bytes, file.path);
    case 'lock':
      return readPackagesLock(file.bytes);
    case 'assets':
      return readProjectAssets(file.bytes);
    case 'config':
      return readPackagesConfig(file.bytes);
    case 'nuspec':
      return readNuspec(file.bytes, isOfTool(file.path) ? 'installed' : 'declared');
    default:
      return readBundle(file.bytes, file.path);
  }
}

function parsedOf(file: ClaimedFile, found: Found): Parsed {
  const problems: Problem[] = [];
  if (found.bad > 0) {
    const entries = found.bad === 1 ? '1 package has' : `${found.bad} packages have`;
    problems.push(unreadable(file, `${entries} no name and version that can be read`));
  }
  if (found.full) {
    const message = `the file names more than ${packageLimit} packages; the rest is left out`;
    problems.push(warning('nuget/too-many-packages', message, file.path));
  }
  return { packages: found.records(), problems };
}

function unreadable(file: ClaimedFile, message: string): Problem {
  return warning('nuget/unreadable', message, file.path);
}
