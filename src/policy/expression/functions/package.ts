import { parsePurl } from '../../../model/parse-purl.ts';
import { messageOf, SluiceError } from '../../../util/error.ts';
import { compileGlob } from '../../../util/glob.ts';
import { compilePurlPattern, nameKey } from '../../waiver/purl-pattern.ts';
import { EvaluationFailure } from '../contract.ts';
import { type Fault, type FunctionGroup, remembering } from './contract.ts';
import { allowing, isMetBy } from './licence.ts';
import { compareVersions, isInRange, readRange } from './version-range.ts';

/** Ranges and patterns that are kept, each. */
const mostKept = 1000;

/** What functions look at of the view of a package. */
interface PackageView {
  readonly name: string;
  readonly version: string;
  readonly ecosystem: string;
  readonly purl: string;
  readonly license: string;
}

interface ImageView {
  readonly packages: readonly PackageView[];
}

/** Functions over packages and the image. */
export const packageFunctions: FunctionGroup = {
  docs: [
    {
      signature: 'Package.inRange(string): bool',
      doc: "whether the version is in a range by its ecosystem's own order: `>= 1.2, < 2 || 3.*`",
      example: "pkg.name == 'log4j-core' && pkg.inRange('>= 2.0, < 2.17.1')",
    },
    {
      signature: 'Package.olderThan(string): bool',
      doc: 'whether the version is older than another one',
      example: "pkg.name == 'openssl' && pkg.olderThan('3.0.11-1')",
    },
    {
      signature: 'Package.newerThan(string): bool',
      doc: 'whether the version is newer than another one',
      example: "pkg.name == 'left-pad' && pkg.newerThan('1.3.0')",
    },
    {
      signature: 'Package.licensedUnder(list<string>): bool',
      doc: 'whether its licence (an SPDX expression) can be met by these alone, where `*` is any text; not when it states none',
      example: "!pkg.licensedUnder(['MIT', 'Apache-2.0', 'BSD-*'])",
    },
    {
      signature: 'Image.hasPackage(string): bool',
      doc: 'whether it has a package: a pattern over package URLs (`pkg:deb/debian/openssl`, `*` any text), else a glob over names',
      example: "!image.hasPackage('ca-certificates')",
    },
  ],
  handlers: {
    inRange: {
      run: (pkg: PackageView, range: string) => isInRange(pkg.version, pkg.ecosystem, rangeOf(range)),
      prepare: (text: string) => {
        const range = rangeOf(text);
        return (pkg: PackageView) => isInRange(pkg.version, pkg.ecosystem, range);
      },
      fault: (text) => faultIn(() => readRange(text), 'write it as >= 1.2, < 2 || 3.*'),
      fails: true,
    },
    olderThan: {
      run: (pkg: PackageView, other: string) => compareVersions(pkg.version, pkg.ecosystem, other) < 0,
      fails: true,
    },
    newerThan: {
      run: (pkg: PackageView, other: string) => compareVersions(pkg.version, pkg.ecosystem, other) > 0,
      fails: true,
    },
    licensedUnder: {
      run: (pkg: PackageView, allowed: readonly string[]) => isMetBy(pkg.license, allowed),
      prepare: (allowed: readonly string[]) => {
        const meets = allowing(allowed);
        return (pkg: PackageView) => meets(pkg.license);
      },
      fails: true,
    },
    hasPackage: {
      run: (image: ImageView, pattern: string) => selectorOf(pattern)(image),
      prepare: selectorOf,
      fault: (text) => faultIn(() => makeSelector(text)),
      fails: true,
      costs: true,
    },
  },
};

const rangeOf = remembering(mostKept, readRange);
const knownSelector = remembering(mostKept, makeSelector);

function selectorOf(pattern: string): (image: ImageView) => boolean {
  try {
    return knownSelector(pattern);
  } catch (error) {
    if (error instanceof SluiceError) throw new EvaluationFailure(error.message);
    throw error;
  }
}

function makeSelector(pattern: string): (image: ImageView) => boolean {
  if (!pattern.startsWith('pkg:')) {
    const matches = compileGlob(pattern);
    return (image) => image.packages.some(({ name }) => matches(name));
  }
  const wanted = compilePurlPattern(pattern);
  return (image) =>
    image.packages.some(({ purl }) => {
      const parts = parsePurl(purl);
      return parts !== undefined && wanted.matches(parts, nameKey(parts));
    });
}

function faultIn(read: () => unknown, otherwise?: string): Fault | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    const hint = error instanceof SluiceError ? error.hint : otherwise;
    return hint === undefined ? { message: messageOf(error) } : { message: messageOf(error), hint };
  }
}
