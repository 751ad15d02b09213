// The figures as text for people.
import { advisoryTargets, targetsText } from './advisories.mjs';

const labels = ['image', 'docker-save', 'zstd', 'small'];

/** Which figures are set against each other: the first over the second. */
const pairs = [
  ['sluice --help', 'node -e 0'],
  ...labels.flatMap((label) => [
    [`sluice ${label}, cold`, `floor ${label}`],
    [`trivy ${label}, cold`, `sluice ${label}, cold`],
    [`trivy ${label}, warm`, `sluice ${label}, warm`],
    [`trivy ${label}, warm`, `sluice ${label}, new data`],
    [`syft ${label}`, `sluice ${label}, cold`],
  ]),
  ['trivy one layer', 'sluice one layer'],
  // At most 1.6: see docs/performance.md.
  ['sluice image, look for secrets', 'sluice image, look for packages'],
  ['sluice image, look for all', 'sluice image, look for packages'],
];

/** What the start costs: the milliseconds above those of bare Node. */
const starts = ['sluice --help', 'sluice scan --help', 'sluice small, warm', 'sluice small, cold'];

/** What follows from the figures: ratios of least times, the start above bare Node, the floor's share of cold scans. */
export function derivedOf(results) {
  const byName = new Map(results.map((result) => [result.name, result]));
  const ratio = (x, y) => (x && y && y.min > 0 ? Math.round((x.min / y.min) * 100) / 100 : undefined);
  const ratios = [];
  for (const [above, below] of pairs) {
    const [a, b] = [byName.get(above), byName.get(below)];
    if (!a || !b) continue;
    ratios.push({ name: `${above} / ${below}`, wall: ratio(a.wall, b.wall), cpu: ratio(a.cpu, b.cpu) });
  }
  const bare = byName.get('node -e 0');
  const aboveNode = starts
    .filter((name) => bare && byName.has(name))
    .map((name) => ({
      name,
      wall: Math.round((byName.get(name).wall.min - bare.wall.min) * 10) / 10,
      cpu: Math.round((byName.get(name).cpu.min - bare.cpu.min) * 10) / 10,
    }));
  const floorShares = labels
    .map((label) => ({
      label,
      cpu: ratio(byName.get(`floor ${label}`)?.cpu, byName.get(`sluice ${label}, cold`)?.cpu),
    }))
    .filter(({ cpu }) => cpu !== undefined);
  return { ratios, aboveNode, floorShares };
}

/** The whole report as text. */
export function tableOf({
  machine,
  image,
  results,
  ratios,
  aboveNode,
  floorShares,
  hardware,
  lookups,
  matching,
  skipped,
}) {
  const rows = results.map(({ name, wall, cpu, rss }) => [
    name,
    ms(wall?.min),
    ms(wall?.median),
    ms(cpu?.min),
    ms(cpu?.median),
    mib(rss?.median),
  ]);
  const parts = [
    `${machine.cores} cores, Node ${machine.node}, ${machine.runs} runs each after a warm-up; load ${machine.loadBefore} before, ${machine.loadAfter} after`,
    ...(hardware ? [hardwareText(hardware)] : []),
    `image: ${image.file}, ${image.layers} layers of ${image.layerMegabytes.join(' + ')} MB`,
    '',
    columns([['', 'wall min ms', 'median', 'CPU min ms', 'median', 'RSS MiB'], ...rows]),
  ];
  if (ratios.length > 0) {
    const lines = ratios.map(({ name, wall, cpu }) => [name, times(wall), times(cpu)]);
    parts.push('', columns([['ratios of least times', 'wall', 'CPU'], ...lines]));
  }
  if (aboveNode.length > 0) {
    const lines = aboveNode.map(({ name, wall, cpu }) => [name, `+${ms(wall)}`, `+${ms(cpu)}`]);
    parts.push('', columns([['above bare Node', 'wall ms', 'CPU ms'], ...lines]));
  }
  if (floorShares.length > 0) {
    const shares = floorShares.map(({ label, cpu }) => `${Math.round(cpu * 100)} % (${label})`);
    parts.push('', `CPU of a cold scan that reading, hashing and inflating take: ${shares.join(', ')}`);
  }
  if (lookups) parts.push('', lookupText(lookups));
  const targets = targetsText(advisoryTargets(results, lookups));
  if (targets) parts.push(targets);
  if (matching) parts.push(matchingText(matching));
  if (skipped.length > 0) parts.push('', 'not measured:', ...skipped.map((line) => `  ${line}`));
  return `${parts.join('\n')}\n`;
}

function hardwareText({ sha256, inflate, crc32 }) {
  const parts = [`SHA-256 ${sha256} MB/s`];
  if (inflate) parts.push(`inflate ${inflate} MB/s of what comes out`);
  if (crc32) parts.push(`CRC-32 ${crc32} MB/s`);
  // With instructions for it, SHA-256 is four times faster and more, and a smaller part of everything.
  const without = sha256 < 600 ? '; without instructions for SHA-256, which then bounds what is cold' : '';
  return `one core: ${parts.join(', ')}${without}`;
}

function lookupText(figures) {
  const { openMs, lookupMs, cpuMs, againMs, names, present, candidates, candidatesMs, candidatesAgainMs } = figures;
  const looked = `opened in ${openMs.toFixed(1)} ms, ${names} packages looked up in ${lookupMs.toFixed(1)} ms (${cpuMs.toFixed(1)} ms of CPU; once compiled, both in ${againMs.toFixed(1)} ms)`;
  const read = `of ${present} found, ${candidates} advisories that may hold read in ${candidatesMs.toFixed(1)} ms (once compiled: ${candidatesAgainMs.toFixed(1)} ms)`;
  return `advisories: ${looked}; ${read}`;
}

function matchingText({ cpuMs, againCpuMs, packages, findings }) {
  return `matching ${packages} packages: ${ms(cpuMs)} ms of CPU, ${ms(againCpuMs)} ms once it is compiled; ${findings} findings`;
}

/** Rows of cells as text, the first column to the left. */
export function columns(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  const line = (cells) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  return rows.map((cells) => line(cells).trimEnd()).join('\n');
}

/** Milliseconds as text. */
export function ms(value) {
  if (value === undefined) return '-';
  return value < 100 ? value.toFixed(1) : String(Math.round(value));
}

function mib(value) {
  return value === undefined ? '-' : String(Math.round(value));
}

function times(value) {
  return value === undefined ? '-' : `${value.toFixed(2)}×`;
}
