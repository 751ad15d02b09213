import { expect, test } from 'vitest';
import { mayBeProgram } from '../../src/format/executable-claims.ts';

test('programs are known by their mode, libraries by their name', () => {
  const plain = ['lib/libx.so', 'usr/lib/libx.so.1.2', 'app/x.exe', 'app/x.dll', 'x.dylib'];
  expect(plain.filter((path) => !mayBeProgram(path, 0o644))).toEqual([]);
  const programs = ['app/server', 'usr/bin/tool-1.2.3', 'opt/prog.linux-amd64', 'libx.so'];
  expect(programs.filter((path) => !mayBeProgram(path, 0o755) || !mayBeProgram(path, 0o100))).toEqual([]);
  expect(['app/server', 'etc/passwd', '', 'x.soft'].filter((path) => mayBeProgram(path, 0o644))).toEqual([]);
});

test('texts, scripts, archives and package lists with the execute permission are none', () => {
  const others = ['a.py', 'a.sh', 'a.json', 'a.jar', 'Cargo.lock', 'x-1.dist-info/METADATA', 'var/lib/dpkg/status.d/x'];
  expect(others.filter((path) => mayBeProgram(path, 0o777))).toEqual([]);
});
