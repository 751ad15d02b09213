// Written by `npm run gen`: do not edit.
import { order as alpm } from '../version/alpm.ts';
import { order as apk } from '../version/apk.ts';
import { order as composer } from '../version/composer.ts';
import { order as conan } from '../version/conan.ts';
import { order as conda } from '../version/conda.ts';
import { order as cran } from '../version/cran.ts';
import { order as dpkg } from '../version/dpkg.ts';
import { order as gem } from '../version/gem.ts';
import { order as generic } from '../version/generic.ts';
import { order as go } from '../version/go.ts';
import { order as hackage } from '../version/hackage.ts';
import { order as maven } from '../version/maven.ts';
import { order as nix } from '../version/nix.ts';
import { order as nuget } from '../version/nuget.ts';
import { order as pep440 } from '../version/pep440.ts';
import { order as perl } from '../version/perl.ts';
import { order as pub } from '../version/pub.ts';
import { order as rpm } from '../version/rpm.ts';
import { order as semver } from '../version/semver.ts';
import type { EcosystemFacts } from './contract.ts';

/** The facts of all kinds of package, by name, without the readers. */
export const ecosystemFacts: readonly EcosystemFacts[] = [
  { id: 'alpm', revision: 1, database: true, order: alpm },
  { id: 'apk', revision: 2, database: true, order: apk },
  { id: 'bitnami', revision: 1, database: false, order: semver },
  { id: 'brew', revision: 1, database: false, order: generic },
  { id: 'cargo', revision: 1, database: false, order: semver },
  { id: 'cocoapods', revision: 1, database: false, order: gem },
  { id: 'composer', revision: 1, database: false, order: composer },
  { id: 'conan', revision: 1, database: false, order: conan },
  { id: 'conda', revision: 1, database: false, order: conda },
  { id: 'cpan', revision: 1, database: false, order: perl },
  { id: 'cran', revision: 1, database: false, order: cran },
  { id: 'deb', revision: 2, database: true, order: dpkg },
  { id: 'gem', revision: 1, database: false, order: gem },
  { id: 'generic', revision: 1, database: false, order: generic },
  { id: 'githubactions', revision: 1, database: false, order: semver },
  { id: 'golang', revision: 3, database: false, order: go },
  { id: 'hackage', revision: 1, database: false, order: hackage },
  { id: 'hex', revision: 1, database: false, order: semver },
  { id: 'maven', revision: 4, database: false, order: maven },
  { id: 'nix', revision: 1, database: false, order: nix },
  { id: 'npm', revision: 3, database: false, order: semver },
  { id: 'nuget', revision: 1, database: false, order: nuget },
  { id: 'pub', revision: 1, database: false, order: pub },
  { id: 'pypi', revision: 3, database: false, order: pep440 },
  { id: 'rpm', revision: 2, database: true, order: rpm },
  { id: 'sbom', revision: 1, database: false, order: semver },
  { id: 'swift', revision: 1, database: false, order: semver },
];
