import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import { notLookedFor } from '../policy/looked.ts';
import type { Report, ReportContext } from './contract.ts';
import { dataMetrics } from './prometheus/data.ts';
import { exposition, type Metric, type Sample } from './prometheus/exposition.ts';
import { findingSamples, uncountedSamples } from './prometheus/findings.ts';
import { contentText } from './text-target.ts';

/** Prometheus's text format 0.0.4, for a text file collector or a push gateway: sums alone, no finding by its name. */
export const report: Report = {
  id: 'prometheus',
  doc: 'Prometheus text format 0.0.4, for dashboards and alerts: sums alone',
  render: (evidence, verdict, context) => exposition(metricsOf(evidence, verdict, context)),
};

function metricsOf(evidence: Evidence, verdict: Verdict, { version }: ReportContext): Metric[] {
  // Every series has it, or the files of two images would hold the same series.
  const target = contentText(evidence.target) ?? evidence.target.kind;
  return [
    {
      name: 'sluice_target_info',
      help: 'What was looked into, and by which version of sluice.',
      samples: [{ labels: { target, ...targetLabels(evidence), version }, value: 1 }],
    },
    {
      name: 'sluice_verdict_info',
      help: 'What the gate says: pass, warn, stop or undecided.',
      samples: [
        { labels: { target, decision: verdict.decision, policy: verdict.policy?.name ?? 'default' }, value: 1 },
      ],
    },
    { name: 'sluice_reasons', help: 'Reasons of the verdict.', samples: reasonSamples(verdict, target) },
    {
      name: 'sluice_findings',
      help: 'Findings that count. A kind that was not looked for is left out.',
      samples: findingSamples(evidence, target),
    },
    {
      name: 'sluice_findings_not_counted',
      help: 'Findings that do not count, and who says so.',
      samples: uncountedSamples(evidence, target),
    },
    {
      name: 'sluice_findings_exploited',
      help: 'Vulnerabilities that count and are known to be exploited.',
      samples: [{ labels: { target }, value: exploitedIn(evidence) }],
    },
    {
      name: 'sluice_packages',
      help: 'Packages that were found.',
      samples: [{ labels: { target }, value: evidence.packages.length }],
    },
    {
      name: 'sluice_problems',
      help: 'What could not be read; what is blinding leaves the verdict undecided.',
      samples: problemSamples(evidence, target),
    },
    {
      name: 'sluice_not_looked_for_info',
      help: 'What nobody has looked for.',
      samples: notLookedFor(evidence).map((what) => ({ labels: { target, what }, value: 1 })),
    },
    ...dataMetrics(evidence.sources, target),
  ];
}

function targetLabels({ target }: Evidence): Record<string, string> {
  const { kind, digest, id, platform = '', distribution } = target;
  const system = distribution === undefined ? '' : `${distribution.id} ${distribution.version}`.trim();
  return { kind, digest: digest ?? '', image_id: id ?? '', platform, distribution: system };
}

function reasonSamples({ reasons }: Verdict, target: string): Sample[] {
  return (['stop', 'undecided', 'warn', 'track'] as const).map((decision) => ({
    labels: { target, decision },
    value: reasons.filter((reason) => reason.decision === decision).length,
  }));
}

function problemSamples({ problems }: Evidence, target: string): Sample[] {
  return [true, false].map((blinding) => ({
    labels: { target, blinding: String(blinding) },
    value: problems.filter((problem) => problem.blinding === blinding).length,
  }));
}

function exploitedIn({ findings, judged }: Evidence): number {
  return findings.filter(({ exploited, answered, presence }) => exploited && !answered && judged.includes(presence))
    .length;
}
