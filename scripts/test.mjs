// npm test: installs what is missing, builds, runs every test. Arguments go to the test runner.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const steps = [
  ['scripts/ensure.mjs'],
  ['scripts/gen.mjs', '--check'],
  ['scripts/build.mjs'],
  ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)],
];
for (const step of steps) {
  const { status } = spawnSync(process.execPath, step, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
