import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { modeline } from '../src/cli/schema/editor.ts';
import { schemas } from '../src/cli/schema/schemas.gen.ts';
import { readCases } from '../src/pipeline/cases/read-cases.ts';
import { readTriage } from '../src/pipeline/vex/triage.ts';
import { scratchFolder, sluice } from './support/cli.ts';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'schema');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

interface Schema extends Record<string, unknown> {
  readonly $id: string;
}

function schemaIn(file: string): Schema {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Schema;
}

/** What is wrong with a value by a schema. */
function faultsBy(file: string): (value: unknown) => string[] {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
  addFormats.default(ajv);
  const schema = schemaIn(file);
  // Parts of it are what others refer to.
  const report = schemaIn('sluice-v1.json');
  if (file !== 'sluice-v1.json' && JSON.stringify(schema).includes(report.$id)) ajv.addSchema(report);
  const validate = ajv.compile(schema);
  return (value) => {
    validate(value);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

/** Members of objects that no words are on: an editor shows them where a person writes. */
function undescribed(node: unknown, path = ''): string[] {
  if (Array.isArray(node)) return node.flatMap((one, at) => undescribed(one, `${path}/${at}`));
  if (typeof node !== 'object' || node === null) return [];
  const { properties } = node as { properties?: Record<string, Record<string, unknown>> };
  const isCondition = /\/(?:if|then|else|not|(?:allOf|oneOf)\/\d+)$/.test(path);
  const own = Object.entries(isCondition ? {} : (properties ?? {}))
    .filter(([, one]) => !['description', '$ref', 'const'].some((key) => Object.hasOwn(one, key)))
    .map(([name]) => `${path}/${name}`);
  return [...own, ...Object.entries(node).flatMap(([key, one]) => undescribed(one, `${path}/${key}`))];
}

function yamlIn(path: string): [string, unknown][] {
  const names = readdirSync(join(root, path)).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => [`${path}/${name}`, parse(readFileSync(join(root, path, name), 'utf8'))]);
}

describe('the JSON schemas', () => {
  test.each(files)('%s compiles strictly, and says what it and its members are', (file) => {
    const schema = schemaIn(file);
    expect(faultsBy(file)(null)).not.toEqual([]);
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.$id).toMatch(/^urn:sluice:schema:(?:[a-z-]+[:-])?v1$/);
    expect(String(schema.title)).toMatch(/^sluice[/-]/);
    expect(String(schema.description).length).toBeGreaterThan(30);
    expect(undescribed(schema)).toEqual([]);
  });

  test('have each an id of their own, and all are in the program', () => {
    expect(new Set(files.map((file) => schemaIn(file).$id)).size).toBe(files.length);
    expect(schemas.map(({ file }) => file).sort()).toEqual(files.sort());
    for (const { file, schema } of schemas) expect(schema).toEqual(schemaIn(file));
  });

  test('are all in the documentation', () => {
    const text = readFileSync(join(root, 'docs', 'schemas.md'), 'utf8');
    for (const file of files) expect(text).toContain(`(../schema/${file})`);
    const [settings = '', line = ''] = [/```json\n([\s\S]*?)```/.exec(text)?.[1], /\$schema=(\S+)/.exec(text)?.[1]];
    const named = Object.keys((JSON.parse(settings) as Record<string, object>)['yaml.schemas'] ?? {});
    for (const path of [...named, line]) expect(files).toContain(path.replace('.sluice/schema/', ''));
  });

  const all = ['policies/packs', 'policies/triggers'].flatMap(yamlIn);
  const cases = all.filter(([name]) => name.endsWith('.test.yaml'));
  const policies = all.filter(([name]) => !name.endsWith('.test.yaml'));
  const rules = ['rules/configuration', 'rules/dockerfile'].flatMap(yamlIn);

  test.each([
    ['sluice-policy-v1.json', policies],
    ['sluice-cases-v1.json', cases],
    ['sluice-rules-v1.json', rules],
  ])('%s takes what is shipped', (file, shipped) => {
    expect(shipped.length).toBeGreaterThan(5);
    const faults = faultsBy(file);
    expect(shipped.map(([name, value]) => [name, faults(value)]).filter(([, found]) => found?.length)).toEqual([]);
  });

  test.each([
    ['sluice-policy-v1.json', 'version: 1\nrules: [{ id: a/b, when: "true", outcome: halt }]'],
    ['sluice-policy-v1.json', 'version: 1\nfail_on: high'],
    ['sluice-waivers-v1.json', 'version: 1\nwaivers: [{ id: CVE-1, reason: x, owner: y }]'],
    ['sluice-waivers-v1.json', 'version: 1\nwaivers: [{ reason: x, owner: y, expires: 2026-01-01 }]'],
    ['sluice-rules-v1.json', 'version: 1\nrules: [{ id: a/b }]'],
  ])('%s does not take what is wrong: %s', (file, text) => {
    expect(faultsBy(file)(parse(text))).not.toEqual([]);
  });
});

describe('the schema of cases says what their reader says', () => {
  const faults = faultsBy('sluice-cases-v1.json');
  const one = (member: string): string => `version: 1\ncases:\n  - name: a\n    expect: { decision: pass }\n${member}`;

  test.each([
    ['a case', one('')],
    ['a finding', one('    evidence: { findings: [{ id: CVE-2020-1, severity: high }] }')],
    ['a secret', one('    evidence: { findings: [{ kind: secret, place: { path: /a } }] }')],
    [
      'a release',
      one('    evidence: { target: { distribution: { id: debian }, release: { endOfLife: 2025-01-01 } } }'),
    ],
    ['a baseline', one('    at: 2026-02-01\n    baseline: { since: 2026-01-01, known: [CVE-2020-1 openssl] }')],
    ['waivers', one('    waivers: [{ id: CVE-1, reason: r, owner: o, expires: 2026-03-01 }]')],
  ])('both take %s', (_what, text) => {
    expect(faults(parse(text))).toEqual([]);
    expect(readCases(Buffer.from(text), 'a.test.yaml').cases).toHaveLength(1);
  });

  test.each([
    ['no version', 'cases: [{ name: a, expect: {} }]'],
    ['no cases', 'version: 1\ncases: []'],
    ['no name', 'version: 1\ncases: [{ expect: {} }]'],
    ['nothing expected', 'version: 1\ncases: [{ name: a }]'],
    ['nothing expected in it', 'version: 1\ncases: [{ name: a, expect: {} }]'],
    ['an unknown member', one('    evidense: {}')],
    ['an unknown member of evidence', one('    evidence: { finding: [] }')],
    ['an unknown severity', one('    evidence: { findings: [{ severity: bad }] }')],
    ['a wrong verdict', 'version: 1\ncases: [{ name: a, expect: { decision: halt } }]'],
    ['a wrong word of a rule', 'version: 1\ncases: [{ name: a, expect: { rules: { a/b: halt } } }]'],
    ['evidence and a report', one('    evidence: {}\n    report: r.json')],
    ['a wrong day', one('    at: soon')],
  ])('neither takes %s', (_what, text) => {
    expect(faults(parse(text))).not.toEqual([]);
    expect(() => readCases(Buffer.from(text), 'a.test.yaml')).toThrow(/^a\.test\.yaml:/);
  });
});

describe('the schema of triage says what its reader says', () => {
  const faults = faultsBy('sluice-triage-v1.json');
  const id = 'CVE-1';

  test.each([
    [[{ id, status: 'fixed' }]],
    [[{ id, status: 'under_investigation', package: 'pkg:npm/a' }]],
    [[{ id, status: 'affected', action: 'update', package: ['pkg:npm/a'] }]],
    [[{ id, status: 'not_affected', justification: 'component_not_present' }]],
    [[{ id, status: 'not_affected', impact: 'nothing calls it' }]],
  ])('both take %j', (value) => {
    expect(faults(value)).toEqual([]);
    expect(readTriage(value)).toHaveLength(1);
  });

  test.each([
    [[]],
    [{}],
    [[{ id }]],
    [[{ status: 'fixed' }]],
    [[{ id, status: 'ok' }]],
    [[{ id, status: 'not_affected' }]],
    [[{ id, status: 'affected' }]],
    [[{ id, status: 'fixed', action: 'x' }]],
    [[{ id, status: 'fixed', impact: 'x' }]],
    [[{ id, status: 'not_affected', justification: 'because' }]],
    [[{ id, status: 'fixed', note: 'x' }]],
    [[{ id: '', status: 'fixed' }]],
  ])('neither takes %j', (value) => {
    expect(faults(value)).not.toEqual([]);
    expect(() => readTriage(value)).toThrow();
  });
});

describe('sluice schema', () => {
  const scratch = scratchFolder();

  test('lists, prints and writes schemas, and names the nearest', async () => {
    const list = await sluice(['schema']);
    expect(list.code).toBe(0);
    expect(list.stdout).toMatch(/^Files that you write:\n {2}policy +a policy: sluice\.yaml\n/);
    const printed = await sluice(['schema', 'waivers']);
    expect(JSON.parse(printed.stdout)).toEqual(schemaIn('sluice-waivers-v1.json'));
    const into = join(scratch, 'a', 'b');
    expect(await sluice(['schema', '--into', into])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(readdirSync(into).sort()).toEqual(files.sort());
    const wrong = await sluice(['schema', 'waiver']);
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toBe('sluice: there is no schema waiver [usage/schema]\n        did you mean waivers?\n');
  });

  test('a new waiver file names its schema where the project has it', async () => {
    const project = join(scratch, 'project');
    const waivers = join(project, 'deploy', 'sluice.waivers.yaml');
    mkdirSync(join(project, 'deploy'), { recursive: true });
    expect(modeline(waivers, 'sluice-waivers-v1.json')).toBe('');
    expect((await sluice(['schema', '--into', join(project, '.sluice/schema')])).code).toBe(0);
    const line = '# yaml-language-server: $schema=../.sluice/schema/sluice-waivers-v1.json\n';
    expect(modeline(waivers, 'sluice-waivers-v1.json')).toBe(line);
    const args = ['waive', 'CVE-2024-3094', '--reason', 'r', '--owner', 'o', '--expires', '30d', '--file', waivers];
    expect((await sluice(args)).code).toBe(0);
    const text = readFileSync(waivers, 'utf8');
    expect(text.startsWith(line)).toBe(true);
    expect(faultsBy('sluice-waivers-v1.json')(parse(text))).toEqual([]);
    // What stands in a file is left as it is.
    writeFileSync(waivers, text.replace(line, ''));
    expect((await sluice([...args.slice(0, 1), 'CVE-2024-1', ...args.slice(2)])).code).toBe(0);
    expect(readFileSync(waivers, 'utf8')).not.toContain('yaml-language-server');
    expect(existsSync(waivers)).toBe(true);
  });
});
