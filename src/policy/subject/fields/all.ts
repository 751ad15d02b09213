import type { Types } from '../contract.ts';
import { accountFields } from './account.ts';
import { baseFields } from './base.ts';
import { changeFields } from './change.ts';
import { commandFields } from './command.ts';
import { completenessFields } from './completeness.ts';
import { cvssFields } from './cvss.ts';
import { distributionFields } from './distribution.ts';
import { dockerfileFields, stageFields } from './dockerfile.ts';
import { documentFields, settingFields } from './document.ts';
import { externalFields } from './external.ts';
import { fileFields } from './file.ts';
import { findingFields } from './finding.ts';
import { imageFields } from './image.ts';
import { instructionFields } from './instruction.ts';
import { licenceFields } from './licence.ts';
import { misconfigurationFields } from './misconfiguration.ts';
import { packageFields } from './package.ts';
import { packageFileFields } from './package-file.ts';
import { policySettingsFields } from './policy.ts';
import { problemFields } from './problem.ts';
import { provenanceFields } from './provenance.ts';
import { secretFields } from './secret.ts';
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
  Command: commandFields,
  Dockerfile: dockerfileFields,
  Stage: stageFields,
  Image: imageFields,
  Distribution: distributionFields,
  Base: baseFields,
  Completeness: completenessFields,
  Provenance: provenanceFields,
  Secret: secretFields,
  Misconfiguration: misconfigurationFields,
  Licence: licenceFields,
  External: externalFields,
  Document: documentFields,
  Setting: settingFields,
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
