// Written by `npm run gen`: do not edit.
import { order as apk } from '../version/apk.ts';
import { order as dpkg } from '../version/dpkg.ts';
import { order as go } from '../version/go.ts';
import { order as maven } from '../version/maven.ts';
import { order as pep440 } from '../version/pep440.ts';
import { order as rpm } from '../version/rpm.ts';
import { order as semver } from '../version/semver.ts';
import type { EcosystemFacts } from './contract.ts';

/** The facts of all kinds of package, by name, without the readers. */
export const ecosystemFacts: readonly EcosystemFacts[] = [
  { id: 'apk', revision: 1, database: true, order: apk },
  { id: 'deb', revision: 1, database: true, order: dpkg },
  { id: 'golang', revision: 2, database: false, order: go },
  { id: 'maven', revision: 3, database: false, order: maven },
  { id: 'npm', revision: 2, database: false, order: semver },
  { id: 'pypi', revision: 2, database: false, order: pep440 },
  { id: 'rpm', revision: 1, database: true, order: rpm },
];
