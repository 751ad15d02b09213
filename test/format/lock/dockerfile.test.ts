import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Edited } from '../../../src/format/lock/contract.ts';
import { editFrom, editPackages } from '../../../src/format/lock/dockerfile.ts';
import { finalChain, readStages } from '../../../src/format/lock/dockerfile-stages.ts';
import { updateCommand } from '../../../src/format/lock/package-update.ts';

function text(result: Edited): string {
  return result.kind === 'edited' ? (result.texts.get('Dockerfile') ?? '') : `! ${result.because}`;
}

const from = (file: string, reference = 'debian:12.5'): string => text(editFrom('Dockerfile', file, reference));
const updates = [{ name: 'openssl', to: '3.0.9-2' }];
const packages = (file: string, manager = 'apk', user?: string): string =>
  text(editPackages('Dockerfile', file, manager, updates, user));
const apk = "RUN apk add --no-cache --upgrade 'openssl>=3.0.9-2'\n";

describe('FROM', () => {
  test('is changed in the stage that the last one comes down to, and nothing else is', () => {
    expect(from('FROM --platform=linux/amd64 debian:12@sha256:00 AS base # x\nRUN a\n')).toBe(
      'FROM --platform=linux/amd64 debian:12.5 AS base # x\nRUN a\n',
    );
    expect(
      from(
        `ARG V=12\nFROM golang AS Build\nRUN b\nFROM debian:\${${'V'}} AS base\nFROM BASE\nCOPY --from=build /a /a\n`,
      ),
    ).toBe('ARG V=12\nFROM golang AS Build\nRUN b\nFROM debian:12.5 AS base\nFROM BASE\nCOPY --from=build /a /a\n');
    expect(from('from debian:11\r\nRUN a\r\n', 'r.example.com:5000/a/b@sha256:0f')).toBe(
      'from r.example.com:5000/a/b@sha256:0f\r\nRUN a\r\n',
    );
  });

  test('stays where there is none, the last stage is built on nothing, or the reference is more than that', () => {
    expect(from('RUN a\n')).toBe('! it has no FROM');
    expect(from('FROM golang AS b\nFROM scratch\n')).toBe('! the last stage is built on nothing');
    for (const reference of ['a\nRUN evil', 'a b', '--platform=x', '$X', '']) {
      expect(from('FROM debian\n', reference)).toBe(`! ${reference} can't stand behind FROM`);
    }
  });

  test('of a stage that is called as an image of before is that image', () => {
    const stages = readStages('FROM debian AS debian\nFROM debian\n');
    expect(stages && finalChain(stages).map(({ image }) => image)).toEqual(['debian', 'debian']);
    expect(from('FROM node AS node\n')).toBe('FROM debian:12.5 AS node\n');
  });
});

describe('packages', () => {
  test('are updated behind the FROM of the last stage', () => {
    expect(packages('FROM a AS b\nRUN x\nFROM c\nRUN y\n')).toBe(`FROM a AS b\nRUN x\nFROM c\n${apk}RUN y\n`);
    expect(packages('FROM a')).toBe(`FROM a\n${apk}`);
    expect(packages('FROM a \\\n  AS b\nRUN x <<EOF\nFROM z\nEOF\n')).toBe(
      `FROM a \\\n  AS b\n${apk}RUN x <<EOF\nFROM z\nEOF\n`,
    );
  });

  test('are updated as root, and what follows is run as before', () => {
    const asRoot = (user: string) => `USER root\n${apk}USER ${user}\n`;
    expect(packages('FROM a\nRUN x\n', 'apk', 'app')).toBe(`FROM a\n${asRoot('app')}RUN x\n`);
    expect(packages('FROM a AS b\nUSER 1000:1000\nFROM b\nUSER root\n')).toBe(
      `FROM a AS b\nUSER 1000:1000\nFROM b\n${asRoot('1000:1000')}USER root\n`,
    );
    // The image's user is one that this file sets later: the base runs as root, as far as is known.
    expect(packages('FROM a\nUSER app\n', 'apk', 'app')).toBe(`FROM a\n${apk}USER app\n`);
    for (const user of ['', 'root', '0', '0:0', 'root:root', 'a\nRUN evil']) {
      expect(packages('FROM a\n', 'apk', user)).toBe(`FROM a\n${apk}`);
    }
  });

  test('are updated in lines that end and continue as those of the file', () => {
    expect(packages('# escape=`\r\nFROM a\r\n', 'apt')).toBe(
      '# escape=`\r\nFROM a\r\nRUN apt-get update `\r\n    && apt-get install -y --no-install-recommends --only-upgrade openssl `\r\n    && rm -rf /var/lib/apt/lists/*\r\n',
    );
  });

  test('are updated by the manager that there is, as far as that is known', () => {
    const two = [...updates, { name: 'libstdc++', to: '1:2~rc' }];
    const managers = ['apt', 'apk', 'dnf', 'dnf5', 'microdnf', 'yum', 'tdnf', 'zypper', 'pacman', 'make'];
    expect(managers.map((manager) => updateCommand(manager, two, ' '))).toEqual([
      'apt-get update && apt-get install -y --no-install-recommends --only-upgrade openssl libstdc++ && rm -rf /var/lib/apt/lists/*',
      "apk add --no-cache --upgrade 'openssl>=3.0.9-2' 'libstdc++>=1:2~rc'",
      'dnf -y upgrade openssl libstdc++ && dnf clean all',
      'dnf -y upgrade openssl libstdc++ && dnf clean all',
      'microdnf -y update openssl libstdc++ && microdnf clean all',
      'yum -y upgrade openssl libstdc++ && yum clean all',
      'tdnf -y update openssl libstdc++ && tdnf clean all',
      'zypper --non-interactive update openssl libstdc++ && zypper clean --all',
      'pacman -Syu --noconfirm',
      undefined,
    ]);
    for (const name of ['a;b', '-y', 'a b', "a'", '$a']) {
      expect(updateCommand('apt', [{ name, to: '1' }], ' ')).toBeUndefined();
      expect(updateCommand('apk', [{ name: 'a', to: name }], ' ')).toBeUndefined();
    }
  });
});

test('any text is read without a fault, and what is edited is a Dockerfile of as many stages', () => {
  const line = fc.constantFrom(
    'FROM a',
    'FROM a AS b',
    'FROM b',
    'USER x',
    'RUN <<EOF',
    'EOF',
    '\\',
    '# escape=`',
    'ARG A',
    '',
  );
  const lines = fc.array(fc.oneof(line, fc.string({ maxLength: 20 })), { maxLength: 12 }).map((all) => all.join('\n'));
  fc.assert(
    fc.property(lines, (file) => {
      const before = readStages(file);
      for (const result of [editFrom('Dockerfile', file, 'x:1'), editPackages('Dockerfile', file, 'apt', updates)]) {
        if (result.kind === 'refused') continue;
        const after = readStages(result.texts.get('Dockerfile') ?? '');
        expect(before).toBeDefined();
        expect(after?.stages.length).toBe(before?.stages.length);
      }
    }),
    { numRuns: 300 },
  );
});
