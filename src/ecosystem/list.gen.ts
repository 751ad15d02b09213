// Written by `npm run gen`: do not edit.
import type { Ecosystem } from './contract.ts';
import { ecosystem as apk } from './apk.ts';
import { ecosystem as deb } from './deb.ts';
import { ecosystem as golang } from './golang/index.ts';
import { ecosystem as maven } from './maven/index.ts';
import { ecosystem as npm } from './npm/index.ts';
import { ecosystem as pypi } from './pypi/index.ts';
import { ecosystem as rpm } from './rpm.ts';

/** All kinds of package, by name. */
export const ecosystems: readonly Ecosystem[] = [apk, deb, golang, maven, npm, pypi, rpm];
