// Opens the advisory index and looks names up; prints how long that took. Arguments: bundle, cache folder, file of names.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [bundle, cacheDir, namesFile] = process.argv.slice(2);
const names = JSON.parse(readFileSync(namesFile, 'utf8'));
const { openAdvisoryDb } = await import(pathToFileURL(bundle).href);
const begin = performance.now();
const db = openAdvisoryDb(cacheDir);
const opened = performance.now();
const found = [];
for (const [ecosystem, name] of names) {
  const named = db.find(ecosystem, name);
  if (named) found.push(named);
}
const lookedUp = performance.now();
// More than a scan ever does: it reads those alone that may hold for a version.
let advisories = 0;
for (const named of found) advisories += named.all().length;
const read = performance.now();
db.close();
const figures = {
  openMs: opened - begin,
  lookupMs: lookedUp - opened,
  readMs: read - lookedUp,
  names: names.length,
  present: found.length,
  advisories,
};
process.stdout.write(JSON.stringify(figures));
