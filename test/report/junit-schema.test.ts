import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { Verdict } from '../../src/model/verdict.ts';
import { report } from '../../src/report/junit.ts';
import {
  context,
  evidence,
  placedSecret,
  placedSetting,
  shop,
  shopVerdict,
  trapImage,
  trapVerdict,
} from './samples.ts';

const schema = readFileSync(resolve(import.meta.dirname, '..', 'fixtures', 'junit', 'junit.xsd'), 'utf8');

/** What libxml2 finds wrong, the first few. */
async function faults(contents: string): Promise<string[]> {
  const given = { xml: { fileName: 'a.xml', contents }, schema: { fileName: 'junit.xsd', contents: schema } };
  const { valid, errors } = await validateXML(given);
  return valid ? [] : errors.slice(0, 5).map(({ message }) => message);
}

const pass: Verdict = { decision: 'pass', reasons: [] };

describe('libxml2 (xmllint-wasm) takes a JUnit report', () => {
  test.each([
    ['empty', evidence({}), pass],
    ['ordinary', { ...shop, placed: [placedSecret(), placedSetting()] }, shopVerdict],
    ['hostile', trapImage, trapVerdict],
  ] as const)('%s', async (_what, given, verdict) => {
    expect(await faults(report.render(given, verdict, context))).toEqual([]);
  });

  test('and no other', async () => {
    expect(await faults('<testsuites><testsuite name="a"/></testsuites>')).not.toEqual([]);
    expect(await faults('<testsuites><b/></testsuites>')).not.toEqual([]);
  });
});
