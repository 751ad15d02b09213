// The figures as text for people.

/** Which figures are set against each other: the first over the second. */
const pairs = [
  ['sluice --help', 'node -e 0'],
  ['sluice image, cold', 'floor image'],
  ['trivy image, cold', 'sluice image, cold'],
  ['trivy image, warm', 'sluice image, warm'],
  ['syft image', 'sluice image, cold'],
  ['sluice docker-save, cold', 'floor docker-save'],
  ['trivy docker-save, cold', 'sluice docker-save, cold'],
  ['syft docker-save', 'sluice docker-save, cold'],
  ['trivy small, cold', 'sluice small, cold'],
  ['trivy small, warm', 'sluice small, warm'],
  ['syft small', 'sluice small, cold'],
];

/** Ratios of least wall times and least CPU times. */
export function ratiosOf(results) {
  const byName = new Map(results.map((result) => [result.name, result]));
  const ratios = [];
  for (const [above, below] of pairs) {
    const [a, b] = [byName.get(above), byName.get(below)];
    if (!a || !b) continue;
    const ratio = (x, y) => (x && y && y.min > 0 ? Math.round((x.min / y.min) * 100) / 100 : undefined);
    ratios.push({ name: `${above} / ${below}`, wall: ratio(a.wall, b.wall), cpu: ratio(a.cpu, b.cpu) });
  }
  return ratios;
}

/** The whole report as text. */
export function tableOf({ machine, image, results, ratios, lookups, skipped }) {
  const rows = results.map(({ name, wall, cpu, rss }) => [
    name,
    ms(wall?.min),
    ms(wall?.median),
    ms(cpu?.min),
    mib(rss?.median),
  ]);
  const parts = [
    `${machine.cores} cores, Node ${machine.node}, ${machine.runs} runs each after a warm-up; load ${machine.loadBefore} before, ${machine.loadAfter} after`,
    `image: ${image.file}, ${image.layers} layers of ${image.layerMegabytes.join(' + ')} MB`,
    '',
    columns([['', 'wall min ms', 'median', 'CPU min ms', 'RSS MiB'], ...rows]),
  ];
  if (ratios.length > 0) {
    const lines = ratios.map(({ name, wall, cpu }) => [name, times(wall), times(cpu)]);
    parts.push('', columns([['ratios', 'wall', 'CPU'], ...lines]));
  }
  if (lookups) {
    const { openMs, lookupMs, names, present, advisories } = lookups;
    parts.push(
      '',
      `advisories: opened in ${openMs.toFixed(1)} ms; ${names} look-ups in ${lookupMs.toFixed(1)} ms: ${present} found, ${advisories} advisories`,
    );
  }
  if (skipped.length > 0) parts.push('', 'not measured:', ...skipped.map((line) => `  ${line}`));
  return `${parts.join('\n')}\n`;
}

function columns(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  const line = (cells) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  return rows.map((cells) => line(cells).trimEnd()).join('\n');
}

function ms(value) {
  if (value === undefined) return '-';
  return value < 100 ? value.toFixed(1) : String(Math.round(value));
}

function mib(value) {
  return value === undefined ? '-' : String(Math.round(value));
}

function times(value) {
  return value === undefined ? '-' : `${value.toFixed(2)}×`;
}
