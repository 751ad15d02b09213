// npm run bench -- --growth: time and memory of a scan against the size of the image, and against its packages.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forgetEvidence, forgetLayers, verdicts } from './cases.mjs';
import { imageOfPackages, imageOfSize, roomFor } from './growth-images.mjs';
import { measure } from './measure.mjs';
import { columns, ms } from './table.mjs';

const program = fileURLToPath(new URL('../bin/sluice.mjs', import.meta.url));

const sizes = [50, 100, 200, 400, 800, 1600, 3200, 5000];
const counts = [100, 300, 1000, 3000, 10_000, 30_000, 50_000];

/** What costs are taken above: an image with next to nothing in it. */
const least = 1;

/** Milliseconds, or MiB, below which a difference is chance. */
const noiseFloor = 15;

/** The width of the plot in characters. */
const plotWidth = 40;

/** Measures both curves; `cache` holds the advisory data that all scans use. */
export async function measureGrowth({ megabytes = sizes, packages = counts, runs }, cache, work, say) {
  const room = roomFor(work);
  const fitting = megabytes.filter((size) => size <= room);
  const skipped = megabytes.filter((size) => size > room).map((size) => `${size} MB: the disk has no room for it`);
  const own = join(work, 'cache-growing');
  mkdirSync(own, { recursive: true });
  if (existsSync(join(cache, 'db'))) cpSync(join(cache, 'db'), join(own, 'db'), { recursive: true, force: true });
  // What was just written is in the page cache, and so is the program after the first image: nothing else warms up.
  const empty = await pointOf(imageOfPackages(work, least), least, own, runs + 1);
  const curve = async (name, unit, values, make) => {
    const points = [];
    for (const value of values) {
      say(`${value} ${unit}`);
      points.push(await pointOf(make(work, value), value, own, runs));
    }
    return { name, unit, points, exponents: exponentsOf(points, empty) };
  };
  const curves = [
    await curve('size', 'MB unpacked', fitting, imageOfSize),
    await curve('packages', 'packages', packages, imageOfPackages),
  ];
  rmSync(own, { recursive: true, force: true });
  return { empty, curves, skipped };
}

/** Scans one image cold, warm, and with its layers alone known, and deletes it; the least of some runs. */
async function pointOf(image, value, cache, runs) {
  const args = [program, 'scan', image.path, '-o', 'json', '--offline', '--cache-dir', cache];
  const best = {};
  try {
    for (let round = 0; round < runs; round++) {
      forgetLayers(cache);
      for (const kind of ['cold', 'warm', 'new data']) {
        if (kind === 'new data') forgetEvidence(cache);
        const { wall, cpu, rss } = await measure({ name: `${kind} scan of ${value}`, args, ok: verdicts });
        const before = best[kind];
        best[kind] = before
          ? { wall: Math.min(wall, before.wall), cpu: Math.min(cpu, before.cpu), rss: Math.max(rss, before.rss) }
          : { wall, cpu, rss };
      }
    }
  } finally {
    image.remove();
  }
  return { value, ...best };
}

/**
 * With which power of the size each cost grows: the slope of a line through the logarithms of what lies above the
 * cost of an empty image. 1 is linear. Memory is taken as it is, for it should not grow.
 */
function exponentsOf(points, empty) {
  const slope = (kind, key, below) =>
    slopeOf(points.map((point) => [point.value, point[kind][key] - (below ? empty[kind][key] : 0)])) ?? null;
  return {
    'cold wall': slope('cold', 'wall', true),
    'cold CPU': slope('cold', 'cpu', true),
    'cold RSS': slope('cold', 'rss', false),
    'new data CPU': slope('new data', 'cpu', true),
    'new data RSS': slope('new data', 'rss', false),
    'warm CPU': slope('warm', 'cpu', true),
  };
}

/** The slope of least squares through log x, log y, over what is more than noise. */
export function slopeOf(pairs) {
  const logs = pairs.filter(([, y]) => y > noiseFloor).map(([x, y]) => [Math.log(x), Math.log(y)]);
  if (logs.length < 2) return undefined;
  const mean = (column) => logs.reduce((sum, row) => sum + row[column], 0) / logs.length;
  const [mx, my] = [mean(0), mean(1)];
  const above = logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  const below = logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  return below === 0 ? undefined : Math.round((above / below) * 100) / 100;
}

/** Both curves as tables, plots and exponents. */
export function growthText({ empty, curves, skipped }) {
  const parts = [
    `least of the runs; CPU time each is above that of an image with ${empty.value} package: ${ms(empty.cold.cpu)} ms cold, ${ms(empty.warm.cpu)} ms warm`,
  ];
  for (const { unit, points, exponents } of curves) {
    if (points.length === 0) continue;
    const rows = points.map(({ value, cold, warm, 'new data': renewed }) => [
      String(value),
      ...[cold.wall, cold.cpu].map(ms),
      ((cold.cpu - empty.cold.cpu) / value).toFixed(3),
      ...[cold.rss, renewed.cpu, renewed.rss, warm.cpu].map(ms),
    ]);
    const head = [
      unit,
      'cold wall ms',
      'CPU ms',
      'CPU ms each',
      'RSS MiB',
      'new data CPU ms',
      'RSS MiB',
      'warm CPU ms',
    ];
    parts.push('', columns([head, ...rows]), '', plotOf(points, unit));
    const slopes = Object.entries(exponents).map(([name, slope]) => `${name} ${slope ?? 'too little to tell'}`);
    parts.push('', `grows with the power (1 is linear): ${slopes.join(', ')}`);
  }
  if (skipped.length > 0) parts.push('', 'not measured:', ...skipped.map((line) => `  ${line}`));
  return `${parts.join('\n')}\n`;
}

/** CPU time of cold scans over the size, both in logarithms: linear growth is a straight line of this slope. */
function plotOf(points, unit) {
  const xs = points.map(({ value }) => Math.log(value));
  const ys = points.map(({ cold }) => Math.log(cold.cpu));
  const place = (value, values, size) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return high === low ? 0 : Math.round(((value - low) / (high - low)) * (size - 1));
  };
  const height = 12;
  const lines = Array.from({ length: height }, () => Array.from({ length: plotWidth }, () => ' '));
  points.forEach((_, i) => {
    lines[height - 1 - place(ys[i], ys, height)][place(xs[i], xs, plotWidth)] = '*';
  });
  const [lowest, highest] = [Math.min(...ys), Math.max(...ys)].map((log) => `${ms(Math.exp(log))} ms`);
  const width = Math.max(lowest.length, highest.length);
  const text = lines.map((line, i) => {
    const label = i === 0 ? highest : i === height - 1 ? lowest : '';
    return `${label.padStart(width)} |${line.join('').trimEnd()}`;
  });
  const values = points.map(({ value }) => value);
  const foot = `${Math.min(...values)}${String(Math.max(...values)).padStart(plotWidth - 2)} ${unit}`;
  return [
    `CPU time, cold (both axes logarithmic)`,
    ...text,
    `${' '.repeat(width)} +${'-'.repeat(plotWidth)}`,
    `${' '.repeat(width + 2)}${foot}`,
  ].join('\n');
}
