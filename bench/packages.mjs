// A made-up list of packages to match, the same in every run: what three large images of as many distributions hold.
import { closeSync, existsSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** How many packages there are in all. */
const total = 50_000;
/** How many records of an ecosystem names are taken from, spread over all of them. */
const records = 600;
/** Which share of the packages has a name that is in the data. */
const known = { database: 0.3, language: 0.1 };

/** Which share of these has the newest version that is named, or one behind it. */
const updated = 0.7;

const images = [
  {
    distribution: { id: 'debian', version: '10', like: [], name: '' },
    database: 'deb',
    base: 'Debian',
    of: 'Debian:10',
  },
  {
    distribution: { id: 'alpine', version: '3.11.3', like: [], name: '' },
    database: 'apk',
    base: 'Alpine',
    of: 'Alpine:v3.11',
  },
  {
    distribution: { id: 'almalinux', version: '9.3', like: [], name: '' },
    database: 'rpm',
    base: 'AlmaLinux',
    of: 'AlmaLinux:9',
  },
];
const languages = [
  { id: 'npm', base: 'npm', share: 0.5 },
  { id: 'pypi', base: 'PyPI', share: 0.2 },
  { id: 'maven', base: 'Maven', share: 0.15 },
  { id: 'golang', base: 'Go', share: 0.15 },
];

/** The images, each with its distribution and its packages; half of a distribution, half of languages. */
export async function packagesToMatch(bundle, osv) {
  const tools = await import(pathToFileURL(bundle).href);
  const orders = new Map(tools.ecosystems.map(({ id, order }) => [id, order]));
  const names = (id, base, of) => namesOf(tools, osv, base, of, orders.get(id));
  const random = numbers(20_240_601);
  const made = [];
  for (const { distribution, database, base, of } of images) {
    const packages = [];
    const each = Math.round(total / images.length / 2);
    append(packages, { ecosystem: database, count: each, share: known.database }, names(database, base, of), random);
    for (const { id, base, share } of languages) {
      const count = Math.round(each * share);
      append(packages, { ecosystem: id, count, share: known.language }, names(id, base, base), random);
    }
    made.push({ distribution, packages });
  }
  return made;
}

/** Names that records of one ecosystem are about, each with the versions that they speak of, oldest first. */
function namesOf(tools, osv, base, ecosystem, order) {
  const names = new Map();
  for (const { affected = [] } of recordsOf(tools, join(osv, base, 'all.zip'))) {
    for (const one of affected) {
      if (one.package?.ecosystem !== ecosystem) continue;
      const versions = names.get(one.package.name) ?? new Set();
      for (const version of versionsIn(one)) versions.add(version);
      names.set(one.package.name, versions);
    }
  }
  const sorted = [...names].map(([name, versions]) => [name, [...versions].sort(order.compare)]);
  return sorted.filter(([, versions]) => versions.length > 0);
}

/** Records of an export, spread over all that it has; none when it isn't there. */
function recordsOf({ readZipDirectory, readZipEntry, fileAccess }, path) {
  if (!existsSync(path)) return [];
  const fd = openSync(path, 'r');
  const source = fileAccess(fd, 0, fstatSync(fd).size);
  const entries = readZipDirectory(source).filter(({ name }) => name.endsWith('.json'));
  const step = Math.max(1, Math.floor(entries.length / records));
  const chosen = entries.filter((_, i) => i % step === 0);
  const read = chosen.map((entry) => JSON.parse(readZipEntry(source, entry, 1 << 26).toString('utf8')));
  closeSync(fd);
  return read;
}

/** The last versions that are listed, and those of all events but the ones that stand for no version. */
function versionsIn({ versions = [], ranges = [] }) {
  const events = ranges.filter(({ type }) => type !== 'GIT').flatMap((range) => range.events);
  const named = events.flatMap((event) => Object.values(event)).filter((version) => version !== '0' && version !== '*');
  return [...versions.slice(-20), ...named];
}

/** Appends packages: some of names that are in the data, with versions that are named there or lie beside them. */
function append(packages, { ecosystem, count, share }, names, random) {
  for (let i = 0; i < count; i++) {
    const [name, versions] = names.length > 0 ? names[Math.floor(random() * names.length)] : ['none', ['1.0']];
    const version = random() < updated ? versions.at(-1) : versions[Math.floor(random() * versions.length)];
    const isKnown = random() < share;
    const other = random() < 0.5 ? version : beside(version, Math.floor(random() * 5));
    packages.push(packageOf(ecosystem, isKnown ? name : `${name}-${i % 3000}`, other));
  }
}

/** The version with its first number behind a dot raised. */
function beside(version, by) {
  return version.replace(/\.(\d{1,6})/, (_, number) => `.${Number(number) + by}`);
}

function packageOf(ecosystem, name, version) {
  const purl = `pkg:${ecosystem}/${encodeURIComponent(name)}@${encodeURIComponent(version)}`;
  return { ecosystem, name, version, presence: 'installed', purl, paths: [`/opt/${name}`], layer: 0 };
}

/** Numbers from 0 to 1 that are the same in every run (a linear congruential generator, modulus 2^32). */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}
