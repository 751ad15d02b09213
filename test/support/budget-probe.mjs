// Preloaded by test/support/budget.ts: writes what a run of the program loaded, read and started to $SLUICE_PROBE.
import { subscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import { builtinModules, syncBuiltinESMExports } from 'node:module';

const told = { builtins: [], threads: 0, read: {} };
const pathOf = new Map();
const { openSync, readSync, readFileSync, closeSync, writeFileSync, read, readv, readvSync } = fs;

function count(path, bytes) {
  if (path === undefined || bytes < 0) return;
  told.read[path] ??= { calls: 0, bytes: 0 };
  const entry = told.read[path];
  entry.calls++;
  entry.bytes += bytes;
}

fs.openSync = (path, ...rest) => {
  const fd = openSync(path, ...rest);
  pathOf.set(fd, String(path));
  return fd;
};
fs.closeSync = (fd) => {
  pathOf.delete(fd);
  return closeSync(fd);
};
fs.readSync = (fd, ...rest) => {
  const bytes = readSync(fd, ...rest);
  count(pathOf.get(fd), bytes);
  return bytes;
};
fs.readvSync = (fd, ...rest) => {
  const bytes = readvSync(fd, ...rest);
  count(pathOf.get(fd), bytes);
  return bytes;
};
fs.readFileSync = (path, ...rest) => {
  const content = readFileSync(path, ...rest);
  count(typeof path === 'number' ? pathOf.get(path) : String(path), Buffer.byteLength(content));
  return content;
};
for (const [name, whole] of Object.entries({ read, readv })) {
  fs[name] = (fd, ...rest) => {
    const done = rest.pop();
    return whole(fd, ...rest, (error, bytes, ...more) => {
      if (!error) count(pathOf.get(fd), bytes);
      done(error, bytes, ...more);
    });
  };
}
syncBuiltinESMExports();

subscribe('worker_threads', () => told.threads++);
process.on('exit', () => {
  const loaded = new Set(process.moduleLoadList.map((name) => name.replace('NativeModule ', '')));
  told.builtins = builtinModules.filter((name) => loaded.has(name) && !name.startsWith('_')).sort();
  writeFileSync(process.env.SLUICE_PROBE, JSON.stringify(told));
});
