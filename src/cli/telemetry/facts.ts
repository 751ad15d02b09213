import { counts } from '../../model/finding.ts';
import { parseReference } from '../../model/reference.ts';
import { classOf, type VerdictClass } from '../../report/verdict-event.ts';
import type { Metric, MetricPoint } from '../../util/telemetry/metrics.ts';
import type { RecordedStep } from '../../util/telemetry/recording.ts';
import type { Attributes, AttributeValue } from '../../util/telemetry/step.ts';
import type { JudgedTarget } from './command-trace.ts';

/** The class of an exit code: a log can tell a stop by policy from a broken build. */
export function classOfCode(code: number): VerdictClass {
  if (code === 0) return 'pass';
  return code === 2 ? 'policy' : code === 3 ? 'undecided' : 'defect';
}

/** What is said of a judged image in a trace (OpenTelemetry semantic conventions, "Container" and "OCI manifest"). */
export function targetAttributes({ name, names, evidence, verdict }: JudgedTarget): Attributes {
  const { target } = evidence;
  return {
    'sluice.target': name,
    'sluice.target.kind': target.kind,
    ...namedImage(names),
    'container.image.id': target.id,
    'oci.manifest.digest': target.digest,
    'sluice.platform': target.platform,
    'sluice.layers': target.layers.length,
    'sluice.packages': evidence.packages.length,
    'sluice.findings': countedFindings(evidence).length,
    'sluice.problems': evidence.problems.length,
    'sluice.verdict': verdict.decision,
    'sluice.class': classOf(verdict.decision),
    'sluice.rules': [
      ...new Set(verdict.reasons.filter(({ decision }) => decision !== 'track').map(({ rule }) => rule)),
    ],
  };
}

function namedImage(names: readonly string[]): Attributes {
  const [first] = names;
  if (first === undefined) return {};
  try {
    const { registry, repository, tag } = parseReference(first);
    return { 'container.image.name': `${registry}/${repository}`, 'container.image.tags': tag ? [tag] : undefined };
  } catch {
    return {};
  }
}

/** Findings of all kinds that count: what a statement or a waiver answers does not. */
function countedFindings({ findings, judged, placed = [] }: JudgedTarget['evidence']) {
  const own = findings.filter((finding) => counts(finding, judged));
  return [...own, ...placed.filter(({ answered }) => answered === undefined)];
}

/** Counts by what tells the points of a metric apart. */
class Tally {
  readonly #points = new Map<string, { value: number; attributes: ReadonlyMap<string, AttributeValue> }>();

  add(value: number, attributes: Readonly<Record<string, string | undefined>>): void {
    const said = Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const key = JSON.stringify(said);
    const point = this.#points.get(key) ?? { value: 0, attributes: new Map(said) };
    point.value += value;
    this.#points.set(key, point);
  }

  get points(): MetricPoint[] {
    return [...this.#points.values()];
  }
}

/** The numbers of one run. */
export class RunNumbers {
  readonly #findings = new Tally();
  readonly #packages = new Tally();
  readonly #verdicts = new Tally();

  /** Adds an image. */
  add({ names, evidence, verdict }: JudgedTarget): void {
    const image = { 'container.image.name': namedImage(names)['container.image.name'] as string | undefined };
    for (const { kind, severity } of countedFindings(evidence))
      this.#findings.add(1, { ...image, 'sluice.kind': kind, 'sluice.severity': severity });
    for (const { ecosystem } of evidence.packages) this.#packages.add(1, { ...image, 'sluice.ecosystem': ecosystem });
    const { decision } = verdict;
    this.#verdicts.add(1, { ...image, 'sluice.verdict': decision, 'sluice.class': classOf(decision) });
  }

  /** The metrics of a command that took so many seconds. `steps`: what tells how layers were read. */
  metrics(command: string, outcome: VerdictClass, seconds: number, steps: readonly RecordedStep[]): Metric[] {
    const duration = new Tally();
    duration.add(seconds, { 'sluice.command': command, 'sluice.class': outcome });
    const { layers, bytes } = layerNumbers(steps);
    return [
      { kind: 'histogram', name: 'sluice.duration', unit: 's', doc: 'Time of a command', points: duration.points },
      { kind: 'sum', name: 'sluice.verdicts', unit: '{verdict}', doc: 'Images judged', points: this.#verdicts.points },
      {
        kind: 'gauge',
        name: 'sluice.findings',
        unit: '{finding}',
        doc: 'Findings that nothing answers',
        points: this.#findings.points,
      },
      {
        kind: 'gauge',
        name: 'sluice.packages',
        unit: '{package}',
        doc: 'Packages found',
        points: this.#packages.points,
      },
      {
        kind: 'sum',
        name: 'sluice.layers',
        unit: '{layer}',
        doc: 'Layers, by where they are known from',
        points: layers,
      },
      { kind: 'sum', name: 'sluice.layers.size', unit: 'By', doc: 'Bytes of these layers as packed', points: bytes },
    ];
  }
}

/** The name of a step that is one layer. */
const layerStep = 'layer';

function layerNumbers(steps: readonly RecordedStep[]): { layers: MetricPoint[]; bytes: MetricPoint[] } {
  const layers = new Tally();
  const bytes = new Tally();
  for (const { name, attributes } of steps) {
    const from = attributes.get('sluice.layer.from');
    const size = attributes.get('sluice.layer.size');
    if (name !== layerStep || typeof from !== 'string') continue;
    layers.add(1, { 'sluice.layer.from': from });
    if (typeof size === 'number') bytes.add(size, { 'sluice.layer.from': from });
  }
  return { layers: layers.points, bytes: bytes.points };
}
