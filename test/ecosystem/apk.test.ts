import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecosystem, fieldLimit } from '../../src/ecosystem/apk/index.ts';
import type { Parsed } from '../../src/ecosystem/contract.ts';
import { stanzaLimit } from '../../src/format/stanza-tally.ts';
import type { Distribution, PackageRecord } from '../../src/model/package.ts';
import { blinding } from '../../src/model/problem.ts';

const path = 'lib/apk/db/installed';
const fixture = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'apk', 'installed'));

const musl: PackageRecord = {
  name: 'musl',
  version: '1.2.4-r2',
  presence: 'installed',
  arch: 'x86_64',
  license: 'MIT',
};
const crypto: PackageRecord = {
  name: 'libcrypto3',
  version: '3.1.4-r1',
  presence: 'installed',
  origin: { name: 'openssl', version: '3.1.4-r1' },
  arch: 'x86_64',
  license: 'Apache-2.0',
  needs: ['musl'],
};
const virtual: PackageRecord = {
  name: '.build-deps',
  version: '20240101.101112',
  presence: 'installed',
  arch: 'noarch',
  needs: ['gcc', 'make'],
};

function parse(body: string | Buffer): Parsed {
  const bytes = Buffer.from(body);
  return ecosystem.parse({ path, bytes, size: bytes.length, mode: 0o644 });
}

function distribution(id: string, version: string): Distribution {
  return { id, version, like: [], name: id };
}

describe('the apk database', () => {
  test('is claimed in both places and nowhere else', () => {
    const head = { size: 1, mode: 0o644 };
    const paths = [path, 'usr/lib/apk/db/installed', `/${path}`, `x/${path}`, `${path}.old`, 'lib/apk/db/triggers'];
    expect(paths.filter((one) => ecosystem.claims(one, head))).toEqual([path, 'usr/lib/apk/db/installed']);
    expect([ecosystem.id, ecosystem.database, ecosystem.order.id]).toEqual(['apk', true, 'apk']);
  });

  test('becomes packages', () => {
    expect(parse(fixture)).toEqual({ packages: [musl, crypto, virtual], problems: [] });
    expect(parse(fixture.toString().replaceAll('\n', '\r\n'))).toEqual({
      packages: [musl, crypto, virtual],
      problems: [],
    });
    expect(parse(fixture.toString().trimEnd())).toEqual({ packages: [musl, crypto, virtual], problems: [] });
  });

  test('may be empty', () => {
    expect(parse('')).toEqual({ packages: [], problems: [] });
    expect(parse('\n\n\n')).toEqual({ packages: [], problems: [] });
  });

  test('blinds where a stanza names no package or no version', () => {
    const body = `P:a\nV:1-r0\n\nP:nothing\n\nV:2-r0\nA:x86_64\n\nP:\nV:3-r0\n\nP:b\nV:1-r1\n`;
    expect(parse(body)).toEqual({
      packages: [
        { name: 'a', version: '1-r0', presence: 'installed' },
        { name: 'b', version: '1-r1', presence: 'installed' },
      ],
      problems: [
        blinding('apk/stanza-incomplete', 'stanzas without a package name or a version: 3, the first at line 4', path),
      ],
    });
  });

  test('blinds where a stanza says two things or none', () => {
    const body = `P:a\nV:1-r0\nV:9-r0\n\nP:b\nV:1-r0\n?\n\nP:c\nV:1-r0\no:${'x'.repeat(fieldLimit)}\n`;
    expect(parse(body)).toEqual({
      packages: ['a', 'b', 'c'].map((name) => ({ name, version: '1-r0', presence: 'installed' })),
      problems: [
        blinding('apk/stanza-malformed', "stanzas with lines that can't be read: 3, the first at line 1", path),
      ],
    });
  });

  test('blinds when nothing in it is readable', () => {
    const expected = {
      packages: [],
      problems: [blinding('apk/unreadable', 'the package database holds no readable stanza', path)],
    };
    for (const body of ['x', '\0\0\0\0', '{"packages":[]}', `P:${'a'.repeat(20_000_000)}`, 'x'.repeat(20_000_000)]) {
      expect(parse(body)).toEqual(expected);
    }
  });

  test('is bounded in its stanzas', () => {
    const parsed = parse('P:a\nV:1\n\n'.repeat(stanzaLimit + 1));
    expect([parsed.packages.length, parsed.problems]).toEqual([
      stanzaLimit,
      [blinding('apk/too-many', 'the package database holds more than 200000 stanzas; the others were not read', path)],
    ]);
    expect(parse('P:a\nV:1\n\n'.repeat(stanzaLimit)).problems).toEqual([]);
    expect(parse('x\n\n'.repeat(stanzaLimit + 1)).problems.map((problem) => problem.code)).toEqual([
      'apk/unreadable',
      'apk/too-many',
    ]);
  });

  test('survives any bytes', () => {
    const random = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));
    const mutated = fc
      .array(fc.tuple(fc.nat(fixture.length - 1), fc.constantFrom(0, 10, 13, 58, 80, 86, 255)), { maxLength: 12 })
      .map((edits) => {
        const bytes = Buffer.from(fixture);
        for (const [at, byte] of edits) bytes[at] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(random, mutated), (bytes) => {
        const { packages, problems } = parse(bytes);
        expect(packages.every(({ name, version }) => name !== '' && version !== '')).toBe(true);
        expect(
          problems.every((problem) => problem.blinding && problem.path === path && !problem.message.includes('\n')),
        ).toBe(true);
        const isBlank = bytes.every((byte) => byte === 10 || byte === 13);
        if (packages.length === 0 && !isBlank) expect(problems.map(({ code }) => code)).toEqual(['apk/unreadable']);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what apk packages need', () => {
  const needs = (body: string) => parse(body).packages.map((record) => record.needs);

  test('is named by package, whoever provides the library', () => {
    const body =
      'P:a\nV:1\nD:b>=1.2 so:libc.so.1 cmd:sh so:libnone.so.2 !d /bin/sh pc:e~2 f@edge a\n\n' +
      'P:c\nV:1\np:so:libc.so.1=1.2 pc:e=2\nD:\n\nP:s\nV:1\np:cmd:sh=1 g=2\nD:so:libc.so.1 g\n';
    expect(needs(body)).toEqual([['b', 'c', 'f', 's'], undefined, ['c', 'g']]);
  });

  test('is not guessed where two provide it', () => {
    const body = 'P:a\nV:1\nD:cmd:x\n\nP:b\nV:1\np:cmd:x=1 cmd:x=1\n\nP:c\nV:1\np:cmd:x=1\n';
    expect(needs(body)).toEqual([undefined, undefined, undefined]);
    expect(needs(body.slice(0, body.indexOf('P:c')))).toEqual([['b'], undefined]);
  });

  test('may be long, stand twice or be left out without harm', () => {
    const long = `P:a\nV:1\nD:${'b '.repeat(5000)}\nD:c\n`;
    expect(parse(long)).toEqual({
      packages: [{ name: 'a', version: '1', presence: 'installed', needs: ['b'] }],
      problems: [],
    });
    expect(parse(`P:a\nV:1\nD:${'b'.repeat(2 * 1024 * 1024)}\n`).problems).toEqual([]);
  });
});

describe('the files of apk packages', () => {
  const told = (body: string | Buffer, digests = true) => {
    const bytes = Buffer.from(body);
    const found: unknown[] = [];
    const file = { path, bytes, size: bytes.length, mode: 0o644 };
    ecosystem.ownership?.read(file, (...said) => found.push(said), digests);
    return found;
  };

  test('are told with their digests, but for settings and links', () => {
    const database = readFileSync(join(import.meta.dirname, '../fixtures/apk/database/in/lib/apk/db/installed'));
    const libs = { name: 'tiny-libs', version: '1.0-r2', arch: 'x86_64' };
    const tiny = { name: 'tiny', version: '1.0-r2', arch: 'x86_64' };
    expect(told(database)).toEqual([
      [libs, 'usr/lib/libtiny.so.1'],
      [libs, 'usr/lib/libtiny.so.1.0', `sha1:${createHash('sha1').update('lib').digest('hex')}`],
      [tiny, 'etc/tiny.conf'],
      [tiny, 'usr/bin/tiny', `sha1:${createHash('sha1').update('#!/bin/sh').digest('hex')}`],
      [
        tiny,
        'usr/lib/python3.12/site-packages/tinymod-1.0.dist-info/METADATA',
        `sha1:${createHash('sha1').update('Metadata-Version: 2.1\nName: tinymod\nVersion: 1.0\n').digest('hex')}`,
      ],
    ]);
    expect(ecosystem.ownership?.claims(path, { size: 1, mode: 0o644 }, false)).toBe(true);
    expect(ecosystem.ownership?.claims('lib/apk/db/scripts.tar', { size: 1, mode: 0o644 }, true)).toBe(false);
  });

  test('are the same where no digests are wanted', () => {
    const database = readFileSync(join(import.meta.dirname, '../fixtures/apk/database/in/lib/apk/db/installed'));
    const withoutDigest = (said: unknown) => (said as unknown[]).slice(0, 2);
    expect(told(database, false)).toEqual(told(database).map(withoutDigest));
    const odd = 'R:a\nZ:Q1\nP:b\nV:1\nF:x\nR:c\na:0:0:777\nZ:Q1\nV:2\nR:d';
    expect(told(odd, false)).toEqual(told(odd).map(withoutDigest));
  });

  test('may lie at the root, have no checksum or one that is none, and belong to nobody', () => {
    const sha256 = createHash('sha256').update('x').digest();
    const body =
      `P:a\nF:\nR:init\nF:sbin\nR:b\nZ:Q1short\nR:c\nZ:X1\nR:d\r\nZ:Q2${sha256.toString('base64')}\r\nR:../../e\n\n` +
      'F:usr\nR:nobody\n\nP:f\nV:1\nR:g';
    const a = { name: 'a' };
    expect(told(body)).toEqual([
      [a, 'init'],
      [a, 'sbin/b'],
      [a, 'sbin/c'],
      [a, 'sbin/d', `sha256:${sha256.toString('hex')}`],
      [a, 'e'],
      [{ name: 'f', version: '1' }, 'g'],
    ]);
  });

  test('are bounded, and any bytes are survived', () => {
    const deep = `P:a\nF:${'d/'.repeat(1500)}\n${'R:x\n'.repeat(200_000)}`;
    expect(told(deep).length).toBeLessThan(100_000);
    expect(told(`P:a\nF:${'d'.repeat(5000)}\nR:x\n`)).toEqual([]);
    const random = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));
    const lines = fc.array(
      fc.constantFrom('P:a', 'V:1', 'F:x/../..', 'F:', 'R:', 'R:y', 'Z:', 'Z:Q1', 'a:0:0:777', ''),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          random,
          lines.map((all) => Buffer.from(all.join('\n'))),
        ),
        (bytes) => {
          for (const said of told(bytes)) {
            const [owner, file] = said as [{ name: string }, string];
            expect(owner.name !== '' && file !== '' && !file.startsWith('/') && !file.split('/').includes('..')).toBe(
              true,
            );
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('apk packages', () => {
  test('have a package URL', () => {
    const alpine = distribution('alpine', '3.18.9');
    expect(ecosystem.purl(crypto, alpine)).toBe('pkg:apk/alpine/libcrypto3@3.1.4-r1?arch=x86_64&distro=alpine-3.18.9');
    expect(ecosystem.purl({ ...musl, name: 'Musl' }, distribution('wolfi', ''))).toBe(
      'pkg:apk/wolfi/musl@1.2.4-r2?arch=x86_64&distro=wolfi',
    );
    expect(ecosystem.purl({ name: 'a b', version: '1', presence: 'installed' }, undefined)).toBe('pkg:apk/a%20b@1');
  });

  test('are looked up by their origin in the branch of their release', () => {
    const namespace = (id: string, version: string) =>
      ecosystem.advisories(crypto, distribution(id, version))?.ecosystem;
    expect(ecosystem.advisories(crypto, distribution('alpine', '3.18.9'))).toEqual({
      ecosystem: 'Alpine:v3.18',
      name: 'openssl',
      version: '3.1.4-r1',
    });
    expect(ecosystem.advisories(musl, distribution('wolfi', '20230201'))).toEqual({
      ecosystem: 'Wolfi',
      name: 'musl',
      version: '1.2.4-r2',
    });
    expect(namespace('alpine', '3.9')).toBe('Alpine:v3.9');
    expect(namespace('alpine', '3.21.0_rc1')).toBe('Alpine:v3.21');
    expect(namespace('alpine', '3.21_alpha20240807')).toBe('Alpine:edge');
    expect(namespace('alpine', 'edge')).toBe('Alpine:edge');
    expect(namespace('chainguard', '20230214')).toBe('Chainguard');
    expect(['3', '', 'x3.18', '3.18x'].map((version) => namespace('alpine', version))).toEqual(
      Array(4).fill(undefined),
    );
    expect(namespace('minimos', '20240801')).toBe('MinimOS');
    expect(namespace('cleanstart', '')).toBe('CleanStart');
    expect(namespace('alpaquita', 'stream')).toBe('Alpaquita:stream');
    expect(namespace('bellsoft-hardened-containers', '23')).toBe('BellSoft Hardened Containers:23');
    expect(namespace('alpaquita', '')).toBeUndefined();
    expect(namespace('postmarketos', '3.18')).toBeUndefined();
    expect(ecosystem.advisories(crypto, undefined)).toBeUndefined();
  });
});
