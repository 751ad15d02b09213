import type { Decision } from '../../model/verdict.ts';
import { jsonText } from '../text-json.ts';

/** What a new policy would have done, as reports show it. */
export interface ShownPolicyDiff {
  readonly reports: readonly {
    readonly report: string;
    readonly becomes: 'stops' | 'undecided' | 'passes' | 'else' | 'same';
    readonly before: Decision;
    readonly after: Decision;
    readonly rules: readonly ShownRuleChange[];
  }[];
  readonly others: number;
  readonly failures: readonly { readonly report: string; readonly code: string; readonly message: string }[];
}

/** A rule that says something else. */
export interface ShownRuleChange {
  readonly rule: string;
  readonly before: string;
  readonly after: string;
  readonly message: string;
}

/** The difference as JSON, `sluice/policy-diff-v1`: its schema is `schema/sluice-policy-diff-v1.json`. */
export function policyDiffJson({ reports, others, failures }: ShownPolicyDiff): string {
  return jsonText({
    schema: 'sluice/policy-diff-v1',
    reports: reports.map(({ report, becomes, before, after, rules }) => ({
      report,
      becomes,
      before,
      after,
      rules: rules.map(({ rule, before, after, message }) => ({ rule, before, after, message })),
    })),
    others,
    failures: failures.map(({ report, code, message }) => ({ report, code, message })),
  });
}
