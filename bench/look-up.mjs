// Opens the advisory index and looks packages up; prints how long that took. Arguments: bundle, cache folder, file of
// names. The first look-ups are those of a process that has just begun, as a scan is; then the same again once compiled.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [bundle, cacheDir, namesFile] = process.argv.slice(2);
const names = JSON.parse(readFileSync(namesFile, 'utf8'));
const { openAdvisoryDb, orderOfEcosystem } = await import(pathToFileURL(bundle).href);
const orders = new Map();
for (const [ecosystem] of names) orders.set(ecosystem, orderOfEcosystem(ecosystem.split(':')[0]));

/** Opens, and looks each package up. */
function lookUp() {
  const begin = performance.now();
  const db = openAdvisoryDb(cacheDir);
  const opened = performance.now();
  const found = [];
  for (const [ecosystem, name, version] of names) {
    const named = db.find(ecosystem, name);
    if (named) found.push([named, version, orders.get(ecosystem)]);
  }
  return { db, found, openMs: opened - begin, lookupMs: performance.now() - opened };
}

/** Reads what may hold for the version: what a scan does before it judges. */
function readCandidates(found) {
  const begin = performance.now();
  let candidates = 0;
  for (const [named, version, order] of found) {
    if (order.valid(version)) candidates += named.candidates(version, order).length;
  }
  return { candidates, candidatesMs: performance.now() - begin };
}

const startedAt = process.cpuUsage();
const { db, found, openMs, lookupMs } = lookUp();
const cpu = process.cpuUsage(startedAt);
const read = readCandidates(found);
const again = { looked: Number.POSITIVE_INFINITY, read: Number.POSITIVE_INFINITY };
for (let round = 0; round < 5; round++) {
  const once = lookUp();
  again.looked = Math.min(again.looked, once.openMs + once.lookupMs);
  again.read = Math.min(again.read, readCandidates(once.found).candidatesMs);
  once.db.close();
}
db.close();
process.stdout.write(
  JSON.stringify({
    openMs,
    lookupMs,
    cpuMs: (cpu.user + cpu.system) / 1000,
    ...read,
    againMs: again.looked,
    candidatesAgainMs: again.read,
    names: names.length,
    present: found.length,
  }),
);
