// Types of the library: what tsc declares for src/library/index.ts, and of the other files only what that names.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { printed } from './printed.mjs';
import { root } from './settings.mjs';

/** Writes the declarations below a folder; `library/index.d.ts` is the first. */
export function writeTypes(folder) {
  const all = mkdtempSync(join(tmpdir(), 'sluice-types-'));
  try {
    printed([`${root}node_modules/typescript/bin/tsc`, '-p', `${root}scripts/bundle/types.json`, '--outDir', all]);
    rmSync(folder, { recursive: true, force: true });
    copy(all, folder, 'library/index');
  } finally {
    rmSync(all, { recursive: true });
  }
}

/** Copies a declaration and what it imports. Whoever reads them knows nothing of TypeScript's sources. */
function copy(from, to, name, done = new Set()) {
  if (done.has(name)) return;
  done.add(name);
  const text = readFileSync(join(from, `${name}.d.ts`), 'utf8').replace(
    /((?:from |import\()')(\.[^']+)\.ts'/g,
    "$1$2.js'",
  );
  const file = join(to, `${name}.d.ts`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  for (const [, path] of text.matchAll(/(?:from |import\()'(\.[^']+)\.js'/g))
    copy(from, to, join(dirname(name), path), done);
}
