import type { Types } from '../contract.ts';
import { accountFields } from './account.ts';
import { baseFields } from './base.ts';
import { changeFields } from './change.ts';
import { completenessFields } from './completeness.ts';
import { cvssFields } from './cvss.ts';
import { distributionFields } from './distribution.ts';
import { fileFields } from './file.ts';
import { findingFields } from './finding.ts';
import { imageFields } from './image.ts';
import { instructionFields } from './instruction.ts';
import { packageFields } from './package.ts';
import { packageFileFields } from './package-file.ts';
import { policySettingsFields } from './policy.ts';
import { problemFields } from './problem.ts';
import { provenanceFields } from './provenance.ts';
import { sourceFields } from './source.ts';

/** All types that expressions know beside CEL's own. */
export const types: Types = {
  Finding: findingFields,
  Cvss: cvssFields,
  Package: packageFields,
  File: fileFields,
  PackageFile: packageFileFields,
  Account: accountFields,
  Instruction: instructionFields,
  Image: imageFields,
  Distribution: distributionFields,
  Base: baseFields,
  Completeness: completenessFields,
  Provenance: provenanceFields,
  Change: changeFields,
  Source: sourceFields,
  Problem: problemFields,
  PolicySettings: policySettingsFields,
};

/** Variables that every rule has beside its subject. A rule on findings has `pkg` as well. */
export const commonVariables: Readonly<Record<string, string>> = {
  image: 'Image',
  policy: 'PolicySettings',
  lists: 'map<string, list<string>>',
  today: 'string',
};
