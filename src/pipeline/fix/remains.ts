import { findingKey, type Remaining, type RemainsBecause } from '../../match/fix/contract.ts';
import type { Unit } from '../../match/fix/units.ts';
import type { FixState } from '../../model/advisory.ts';
import type { Evidence } from '../../model/evidence.ts';
import { counts, type Finding } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import type { Reason, ReasonSubject } from '../../model/verdict.ts';
import type { Outcome } from './outcome.ts';

const stateSays: Record<FixState, string> = {
  'wont-fix': 'the distribution says that it will not fix it',
  deferred: 'the distribution has put the fix off',
  'end-of-life': 'the distribution no longer fixes it',
  investigating: 'the distribution is still looking into it',
};

/** What stops the gate after the changes, or leaves it undecided, and why no change ends it. */
export function remainsOf({ after, verdict, held }: Outcome): Remaining[] {
  const findings = new Map<string, Finding>();
  for (const finding of after.findings) {
    const key = `${finding.id}\0${finding.package}`;
    if (counts(finding, after.judged) && !findings.has(key)) findings.set(key, finding);
  }
  const why = new Why(after, held);
  return verdict.reasons.flatMap((reason) => {
    const { rule, decision, subjects = [] } = reason;
    if (decision !== 'stop' && decision !== 'undecided') return [];
    if (subjects.length === 0) return [otherReason(reason, decision)];
    return subjects.map((subject): Remaining => {
      const finding = findings.get(`${subject.id}\0${subject.package ?? ''}`);
      if (!finding || decision === 'undecided') return otherReason(reason, decision, subject);
      const { because, says } = why.of(finding);
      const { id, severity, package: purl, fixed } = finding;
      return { rule, decision, id, severity, package: purl, fixed, because, says };
    });
  });
}

/** What no version of a package ends: a setting, a file, missing data. */
function otherReason(reason: Reason, decision: 'stop' | 'undecided', subject?: ReasonSubject): Remaining {
  const { rule, message, action } = reason;
  const fix = subject?.fix ?? action;
  const purl = subject?.package;
  return {
    rule,
    decision,
    id: subject?.id ?? '',
    ...(purl === undefined ? {} : { package: purl }),
    because: 'not-a-version',
    // What a rule says is a sentence of its own; what sluice itself says goes on.
    says: fix === undefined || fix === '' ? message : `${message}${/^\p{Lu}/u.test(fix) ? '.' : ';'} ${fix}`,
  };
}

/** Tells why a finding stays. */
class Why {
  readonly #packages: ReadonlyMap<string, Package>;
  readonly #held = new Map<string, RemainsBecause>();

  constructor({ packages }: Evidence, held: ReadonlyMap<Unit, RemainsBecause>) {
    this.#packages = new Map(packages.map((found) => [found.purl, found]));
    for (const [unit, because] of held)
      for (const finding of unit.findings) this.#held.set(findingKey(finding), because);
  }

  of(finding: Finding): { readonly because: RemainsBecause; readonly says: string } {
    const { fixed, fixState, name } = finding;
    const owner = this.#packages.get(finding.package)?.ownedBy;
    if (owner !== undefined) {
      const by = this.#packages.get(owner)?.name ?? owner;
      return {
        because: 'owned',
        says: `its files are those of the package ${by}: only a newer one of that brings another ${name}`,
      };
    }
    if (fixed.length === 0) {
      if (fixState === undefined) return { because: 'no-fix', says: 'no fix is known' };
      return { because: fixState === 'wont-fix' ? 'wont-fix' : 'no-fix', says: stateSays[fixState] };
    }
    const held = this.#held.get(findingKey(finding));
    if (held === 'base-image') return { because: held, says: 'the base image brings it: only a newer base ends it' };
    if (held === 'no-package-manager') {
      return {
        because: held,
        says: 'the image has no package manager to update it with: only another base image ends it',
      };
    }
    return { because: 'no-clearing-version', says: 'every version that fixes it has as many flaws that stop the gate' };
  }
}
