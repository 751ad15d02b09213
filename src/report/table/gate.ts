import { shortDigest } from '../../model/digest.ts';
import type { BaselineUse, PolicyUse, Verdict } from '../../model/verdict.ts';
import { minuteText } from '../../policy/minute.ts';
import { harmless } from '../../util/harmless.ts';
import { count } from '../text-fix.ts';
import { policyName, quadrantTexts } from '../text-reason.ts';
import { hanging } from './hanging.ts';
import type { Paint } from './style.ts';

/** Columns of the word that a section begins with. */
const indent = 6;

/** By which policy the verdict was made, and what the image was held against. */
export function gateLines({ policy, baseline }: Verdict, width: number, paint: Paint): string[] {
  const texts = [...(policy ? [policyText(policy)] : []), ...(baseline ? [baselineText(baseline)] : [])];
  const lines = texts.flatMap((text, i) =>
    hanging(i === 0 ? paint('aside', 'Gate  ') : ' '.repeat(indent), indent, harmless(text), width),
  );
  return lines.length === 0 ? [] : [...lines, ''];
}

function policyText(policy: PolicyUse): string {
  return `policy ${policyName(policy)} ${shortDigest(policy.digest)}, ${count(policy.rules, 'rule')}`;
}

function baselineText(baseline: BaselineUse): string {
  const what = baseline.digest === undefined ? 'the baseline' : `baseline ${shortDigest(baseline.digest)}`;
  const texts = quadrantTexts(baseline);
  const found = texts.length === 0 ? 'nothing that counts' : texts.join(', ');
  return `against ${what} of ${minuteText(baseline.since)}: ${found}`;
}
