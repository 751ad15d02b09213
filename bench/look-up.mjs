// Opens the advisory index and looks names up; prints how long that took. Arguments: bundle, cache folder, file of names.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [bundle, cacheDir, namesFile] = process.argv.slice(2);
const names = JSON.parse(readFileSync(namesFile, 'utf8'));
const { openAdvisoryDb } = await import(pathToFileURL(bundle).href);
const begin = performance.now();
const db = openAdvisoryDb(cacheDir);
const opened = performance.now();
let present = 0;
let advisories = 0;
for (const [ecosystem, name] of names) {
  const found = db.lookup(ecosystem, name);
  if (found.length > 0) present++;
  advisories += found.length;
}
const done = performance.now();
db.close();
const figures = { openMs: opened - begin, lookupMs: done - opened, names: names.length, present, advisories };
process.stdout.write(JSON.stringify(figures));
