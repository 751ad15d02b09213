// npm run package: a package of npm that needs no other: dist/ with types, manual and the licences of what is bundled.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { notices } from './bundle/notices.mjs';
import { printed } from './bundle/printed.mjs';
import { root } from './bundle/settings.mjs';
import { writeTypes } from './bundle/types.mjs';
import { run } from './demo/run.mjs';

// --built: dist/ is up to date.
const [folder = '.', ...flags] = process.argv.slice(2);
const to = resolve(folder);

if (!flags.includes('--built')) printed([join(root, 'scripts/build.mjs')]);
writeTypes(join(root, 'dist/types'));
writeFileSync(join(root, 'dist/THIRD-PARTY-NOTICES'), await notices());
run('npm', ['pack', '--silent', '--pack-destination', to], { cwd: root });
console.log(`the package is in ${folder}`);
