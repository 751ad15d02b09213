// npm run build:sea: sluice and Node as one file, which runs where no Node is installed (Node's single executable
// application). Nothing is unpacked when it runs. The same sources and the same Node give the same bytes.
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inject } from 'postject';
import { notices } from './bundle/notices.mjs';
import { printed } from './bundle/printed.mjs';
import { root } from './bundle/settings.mjs';
import { singleScript } from './bundle/single.mjs';
import { run } from './demo/run.mjs';

/** The mark that Node looks for to see whether something was put into it. */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

if (process.platform !== 'linux') {
  console.error(`a single file is made on Linux alone, and this is ${process.platform}: use npm run package`);
  process.exit(1);
}
const to = resolve(process.argv[2] ?? join(root, 'dist-sea'));
const name = `sluice-linux-${process.arch}`;
const folder = mkdtempSync(join(tmpdir(), 'sluice-sea-'));
try {
  const program = join(folder, name);
  bareNode(program);
  await quietly(async () => inject(program, 'NODE_SEA_BLOB', await blob(), { sentinelFuse: fuse }));
  const bytes = readFileSync(program);
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, name), bytes);
  chmodSync(join(to, name), 0o755);
  const digest = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(to, `${name}.sha256`), `${digest}  ${name}\n`);
  writeFileSync(join(to, 'THIRD-PARTY-NOTICES'), await notices());
  console.log(`${name}: ${(bytes.length / 1024 / 1024).toFixed(1)} MiB, sha256:${digest}`);
} finally {
  rmSync(folder, { recursive: true });
}

/** A copy of the Node that runs this, without what only debuggers read, where the machine has a strip. */
function bareNode(path) {
  try {
    run('strip', ['--strip-unneeded', '-o', path, process.execPath]);
  } catch {
    copyFileSync(process.execPath, path);
  }
  chmodSync(path, 0o755);
}

/** The script with its compiled code and its assets, as Node wants them. */
async function blob() {
  const { main, assets } = await singleScript();
  writeFileSync(join(folder, 'main.cjs'), main);
  for (const [asset, text] of Object.entries(assets)) writeFileSync(join(folder, asset), text);
  const settings = {
    main: 'main.cjs',
    output: 'blob',
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    assets: Object.fromEntries(Object.keys(assets).map((asset) => [asset, asset])),
  };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  // With another seed the compiled code has other bytes each time; when it runs, Node seeds itself as ever.
  printed(['--random-seed=1', '--experimental-sea-config', 'settings.json'], { cwd: folder });
  return readFileSync(join(folder, 'blob'));
}

/** What writes into programs complains of sections of Node that it does not know and leaves alone. */
async function quietly(work) {
  const { error, warn } = console;
  Object.assign(console, { error: () => {}, warn: () => {} });
  try {
    await work();
  } finally {
    Object.assign(console, { error, warn });
  }
}
