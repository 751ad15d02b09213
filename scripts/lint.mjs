// Everything that is checked without running a test: lint and format, types, dead code, stale plugin lists.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const checks = [
  ['node', ['scripts/gen.mjs', '--check']],
  ['node_modules/.bin/biome', ['check', '--error-on-warnings', '.']],
  ['node_modules/.bin/tsc', ['--noEmit']],
  // The script of the HTML report runs in browsers, whose types nothing else is to see.
  ['node_modules/.bin/tsc', ['--noEmit', '-p', 'src/report/html/page']],
  ['node_modules/.bin/knip', ['--no-progress']],
];
let failed = 0;
for (const [command, args] of checks) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  console.error(`${status === 0 ? 'ok    ' : 'FAILED'} ${command.replace(/^.*\//, '')} ${args.join(' ')}`);
  if (status !== 0) failed++;
}
process.exit(failed === 0 ? 0 : 1);
