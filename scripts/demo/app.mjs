// The application that the demo puts into its image: a small shop with dependencies that were not updated for years.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/** Real releases with famous flaws, all of them in sluice's built-in starter set. */
export const dependencies = { ejs: '2.7.4', handlebars: '4.0.11', lodash: '4.17.4', minimist: '0.0.8' };

const server = `import { createServer } from 'node:http';
import ejs from 'ejs';

createServer((request, response) => response.end(ejs.render('<h1>Hello, <%= name %></h1>', { name: 'shop' }))).listen(8080);
`;

/** Writes the application into a folder and installs its dependencies from the npm registry. Throws when that fails. */
export function installApp(folder) {
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'shop', version: '1.0.0', private: true, type: 'module', dependencies };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(folder, 'server.js'), server);
  // The flags stand against whatever the user's own npm settings say.
  const flags =
    '--ignore-scripts --no-audit --no-fund --no-update-notifier --package-lock=true --prefer-offline --loglevel=error';
  run('npm', ['install', ...flags.split(' ')], { cwd: folder });
}

/** The layers of the application's image, bottom first: what the Dockerfile's COPY and RUN would make. */
export function appLayers(folder) {
  const all = filesBelow(folder, '').map((path) => ({ path: `app/${path}`, body: readFileSync(join(folder, path)) }));
  const installed = ({ path }) => path.startsWith('app/node_modules/');
  return [
    { createdBy: 'COPY package.json package-lock.json server.js /app/', files: all.filter((file) => !installed(file)) },
    { createdBy: 'RUN npm ci --omit=dev', files: all.filter(installed) },
  ];
}

/** The files below a folder in the order of their names; links, such as those of node_modules/.bin, are left out. */
function filesBelow(folder, below) {
  const found = [];
  const items = readdirSync(join(folder, below), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const item of items) {
    const path = below === '' ? item.name : `${below}/${item.name}`;
    if (item.isDirectory()) found.push(...filesBelow(folder, path));
    else if (item.isFile()) found.push(path);
  }
  return found;
}
