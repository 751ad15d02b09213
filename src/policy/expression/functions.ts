import type { FunctionDoc, FunctionGroup, Handler } from './functions/contract.ts';
import { convertFunctions } from './functions/convert.ts';
import { licenceFunctions } from './functions/licences.ts';
import { listFunctions } from './functions/list.ts';
import { packageFunctions } from './functions/package.ts';
import { patternFunctions } from './functions/pattern.ts';
import { settingFunctions } from './functions/setting.ts';
import { textFunctions } from './functions/text.ts';

const groups: readonly FunctionGroup[] = [
  patternFunctions,
  packageFunctions,
  licenceFunctions,
  convertFunctions,
  listFunctions,
  textFunctions,
  settingFunctions,
];

/** All functions that expressions can call, sluice's own ones first. */
export const functions: readonly FunctionDoc[] = groups.flatMap(({ docs }) => docs);

/** How each is evaluated, by name. */
export const handlers: ReadonlyMap<string, Handler> = new Map(
  groups.flatMap(({ handlers: all }) => Object.entries(all)),
);
