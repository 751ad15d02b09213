// Written by `npm run gen`: do not edit.
import type { Ecosystem } from './contract.ts';
import { ecosystem as alpm } from './alpm/index.ts';
import { ecosystem as apk } from './apk/index.ts';
import { ecosystem as bitnami } from './bitnami.ts';
import { ecosystem as brew } from './brew.ts';
import { ecosystem as cargo } from './cargo/index.ts';
import { ecosystem as cocoapods } from './cocoapods/index.ts';
import { ecosystem as composer } from './composer/index.ts';
import { ecosystem as conan } from './conan.ts';
import { ecosystem as conda } from './conda/index.ts';
import { ecosystem as cpan } from './cpan/index.ts';
import { ecosystem as cran } from './cran/index.ts';
import { ecosystem as deb } from './deb/index.ts';
import { ecosystem as gem } from './gem/index.ts';
import { ecosystem as generic } from './generic/index.ts';
import { ecosystem as githubactions } from './githubactions.ts';
import { ecosystem as golang } from './golang/index.ts';
import { ecosystem as hackage } from './hackage/index.ts';
import { ecosystem as hex } from './hex/index.ts';
import { ecosystem as maven } from './maven/index.ts';
import { ecosystem as nix } from './nix.ts';
import { ecosystem as npm } from './npm/index.ts';
import { ecosystem as nuget } from './nuget/index.ts';
import { ecosystem as pub } from './pub/index.ts';
import { ecosystem as pypi } from './pypi/index.ts';
import { ecosystem as rpm } from './rpm/index.ts';
import { ecosystem as sbom } from './sbom/index.ts';
import { ecosystem as swift } from './swift/index.ts';

/** All kinds of package, by name. */
export const ecosystems: readonly Ecosystem[] = [alpm, apk, bitnami, brew, cargo, cocoapods, composer, conan, conda, cpan, cran, deb, gem, generic, githubactions, golang, hackage, hex, maven, nix, npm, nuget, pub, pypi, rpm, sbom, swift];
