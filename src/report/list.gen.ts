// Written by `npm run gen`: do not edit.
import type { Report } from './contract.ts';
import { report as cyclonedx } from './cyclonedx.ts';
import { report as json } from './json.ts';
import { report as sarif } from './sarif.ts';
import { report as table } from './table.ts';

/** All report formats, by name. */
export const reports: readonly Report[] = [cyclonedx, json, sarif, table];
