import type { Evidence } from '../../model/evidence.ts';
import { counts } from '../../model/finding.ts';
import { type LookKind, type PlacedKind, placedKinds } from '../../model/placed-finding.ts';
import { type Severity, severities } from '../../model/severity.ts';
import type { Sample } from './exposition.ts';

/** What must have been looked for where none of a kind means that there is none. */
const looks: Readonly<Record<'vulnerability' | PlacedKind, LookKind | undefined>> = {
  vulnerability: 'packages',
  secret: 'secrets',
  misconfiguration: 'configuration',
  external: undefined,
};

interface Counted {
  readonly kind: keyof typeof looks;
  readonly severity: Severity;
  readonly fixable: boolean;
}

/**
 * How many findings count, by kind, severity and whether something is known that ends them. Each combination of a kind that
 * was looked for has its sample, also zero: a series that ends tells no alert that all is well.
 */
export function findingSamples(evidence: Evidence, target: string): Sample[] {
  const { findings, placed = [], judged, looked = ['packages'] } = evidence;
  const all: Counted[] = [
    ...findings
      .filter((finding) => counts(finding, judged))
      .map(({ severity, fixed }) => ({ kind: 'vulnerability' as const, severity, fixable: fixed.length > 0 })),
    ...placed
      .filter(({ answered }) => answered === undefined)
      .map(({ kind, severity, fix }) => ({ kind, severity, fixable: fix !== '' })),
  ];
  const sums = new Map<string, number>();
  for (const one of all) sums.set(keyOf(one), (sums.get(keyOf(one)) ?? 0) + 1);
  const kinds = (['vulnerability', ...placedKinds] as const).filter((kind) => {
    const look = looks[kind];
    return (look !== undefined && looked.includes(look)) || all.some((one) => one.kind === kind);
  });
  return kinds.flatMap((kind) =>
    severities.flatMap((severity) =>
      [true, false].map((fixable) => ({
        labels: { target, kind, severity, fixable: String(fixable) },
        value: sums.get(keyOf({ kind, severity, fixable })) ?? 0,
      })),
    ),
  );
}

function keyOf({ kind, severity, fixable }: Counted): string {
  return `${kind} ${severity} ${fixable}`;
}

/** How many findings do not count, by who says so; and those in what the gate does not judge. */
export function uncountedSamples({ findings, placed = [], judged }: Evidence, target: string): Sample[] {
  const answers = [...findings, ...placed].map(({ answered }) => answered?.by);
  const unjudged = findings.filter((finding) => !finding.answered && !counts(finding, judged)).length;
  const said = (['owner', 'distribution', 'vex', 'waiver'] as const).map(
    (by): Sample => ({
      labels: { target, because: by },
      value: answers.filter((one) => one === by).length,
    }),
  );
  return [...said, { labels: { target, because: 'not-judged' }, value: unjudged }];
}
