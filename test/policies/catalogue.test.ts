import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { functions } from '../../src/policy/expression/functions.ts';
import { types } from '../../src/policy/subject/fields/all.ts';

const root = resolve(import.meta.dirname, '..', '..');
const docs = readFileSync(join(root, 'docs', 'policy.md'), 'utf8');

interface WrittenRule {
  readonly id: string;
  readonly controls?: readonly string[];
}

function rulesIn(folder: string): WrittenRule[] {
  const files = readdirSync(join(root, 'policies', folder)).filter((name) => /^[a-z0-9-]+\.yaml$/.test(name));
  return files.flatMap((name) => parse(readFileSync(join(root, 'policies', folder, name), 'utf8')).rules);
}

interface Gate {
  readonly gate: string;
  readonly retired?: true;
  readonly triggers: readonly {
    readonly trigger: string;
    readonly formerly?: string;
    readonly rules?: readonly string[];
    readonly parameters?: Readonly<Record<string, string>>;
    readonly instead?: string;
  }[];
}

const triggers = new Set(rulesIn('triggers').map(({ id }) => id));
const gates: readonly Gate[] = parse(readFileSync(join(root, 'policies', 'anchore.yaml'), 'utf8'));

describe("Anchore's catalogue", () => {
  test('is there with all of its gates', () => {
    const names = (retired: boolean): string[] =>
      gates.filter((gate) => (gate.retired ?? false) === retired).map(({ gate }) => gate);
    expect(names(false)).toEqual([
      ...[
        'always',
        'ancestry',
        'distro',
        'dockerfile',
        'files',
        'image_source_drift',
        'licenses',
        'malware',
        'metadata',
      ],
      ...['packages', 'passwd_file', 'retrieved_files', 'secret_scans', 'stig', 'tag_drift', 'vulnerabilities'],
      'allowlists and image lists',
    ]);
    expect(names(true)).toEqual([
      ...['anchoresec', 'dockerfilecheck', 'filecheck', 'fileparse_passwd', 'gemcheck', 'imagecheck', 'licblacklist'],
      ...[
        'metadatacheck',
        'npmcheck',
        'npms',
        'pkgblacklist',
        'pkgcheck',
        'pkgdiff',
        'ruby_gems',
        'secretcheck',
        'suiddiff',
      ],
    ]);
  });

  test('has for every trigger a rule of ours, or a sentence why there is none', () => {
    for (const { gate, triggers: listed } of gates) {
      for (const { trigger, formerly: _former, rules = [], parameters = {}, instead, ...more } of listed) {
        const at = `${gate}/${trigger}`;
        expect(more, at).toEqual({});
        const named = [...rules, ...Object.values(parameters)];
        expect(
          named.filter((id) => !triggers.has(id)),
          at,
        ).toEqual([]);
        if (instead === undefined) expect(rules.length, at).toBeGreaterThan(0);
        else expect(instead, at).toMatch(/^[A-Zs].*\.$/);
      }
    }
  });
});

/** The parts of standards that rules may say that they serve. */
const controls = [
  /^CIS Docker 1\.6\.0 4\.(?:[1-46-9]|10|11)$/,
  /^CIS-DI-00(?:0[1-9]|1[01])$/,
  /^NIST SP 800-190 4\.(?:1\.[1-5]|2\.[1-3])$/,
  /^NIST SSDF (?:PS\.(?:1\.1|2\.1|3\.[12])|PW\.(?:4\.[14]|9\.[12])|RV\.(?:1\.[1-3]|2\.[12]))$/,
  /^PCI DSS 4\.0 (?:2\.2\.[2456]|5\.2|6\.3\.[123]|6\.5\.6|7\.2\.5|8\.3\.1|8\.6\.2|11\.3\.1(?:\.1)?|11\.5\.2|12\.3\.4)$/,
  /^SLSA 1\.0 Build L[123]$/,
];

describe('the packs', () => {
  test('name controls that there are', () => {
    const named = rulesIn('packs').flatMap((rule) => rule.controls ?? []);
    expect(named.filter((control) => !controls.some((known) => known.test(control)))).toEqual([]);
    for (const known of controls)
      expect(
        named.some((control) => known.test(control)),
        String(known),
      ).toBe(true);
  });
});

describe('docs/policy.md', () => {
  test('lists every trigger, every rule of every pack, every field and every function', () => {
    const lacking = [
      ...[...triggers].filter((id) => !docs.includes(`\n#### ${id}\n`)),
      ...rulesIn('packs').filter(({ id }) => !docs.includes(`\`${id}\``)),
      ...Object.keys(types).filter((name) => !docs.includes(`\n### ${name}\n`)),
      ...Object.values(types).flatMap((fields) =>
        Object.keys(fields).filter((name) => !docs.includes(`| \`${name}\` |`)),
      ),
      ...functions.filter(({ signature }) => !docs.includes(`| \`${signature}\` |`)),
    ];
    expect(lacking).toEqual([]);
    expect(triggers.size).toBeGreaterThan(200);
  });

  test('links to headings and files that there are', () => {
    const headings = new Set(
      [...docs.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replace(/[^a-z0-9 -]/g, '')
          .replaceAll(' ', '-'),
      ),
    );
    const links = [...docs.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor = '']) => anchor);
    expect(links.filter((anchor) => !headings.has(anchor))).toEqual([]);
    expect(links.length).toBeGreaterThan(100);
    const files = [...docs.matchAll(/\]\(\.\.\/([^)]*)\)/g)].map(([, path = '']) => path);
    expect(files.filter((path) => !readFileSync(join(root, path), 'utf8'))).toEqual([]);
  });
});
