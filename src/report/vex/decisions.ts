import type { Finding } from '../../model/finding.ts';
import { SluiceError } from '../../util/error.ts';
import { type Unit, unitsOf } from './names.ts';
import type { VexDecision } from './openvex.ts';

/** A decision on a flaw, by the name that it was decided on by. */
export interface NamedDecision extends VexDecision {
  /** Any name of the flaw. */
  readonly id: string;
}

/** A decision and what it is about. */
export interface Decided {
  readonly triage: NamedDecision;
  readonly units: readonly Unit[];
}

/** The same for the same decision. */
export function decisionKey({ status, justification, impact, action, notes }: VexDecision): string {
  return JSON.stringify([status, justification, impact, action, notes]);
}

function decisionAlone({ status, justification, impact, action, notes }: VexDecision): VexDecision {
  return {
    status,
    ...(justification === undefined ? {} : { justification }),
    ...(impact === undefined ? {} : { impact }),
    ...(action === undefined ? {} : { action }),
    ...(notes === undefined ? {} : { notes }),
  };
}

/** What was decided on: each unit of each finding once. */
export class Decisions {
  /** By the part of a finding; the empty text stands for all of it. */
  readonly #byFinding = new Map<Finding, Map<string, { readonly unit: Unit; readonly triage: NamedDecision }>>();

  /** @throws SluiceError `vex/contradiction` when two decisions on one thing differ */
  constructor(chosen: readonly Decided[]) {
    for (const { triage, units } of chosen) for (const unit of units) this.#add(unit, triage);
  }

  #add(unit: Unit, triage: NamedDecision): void {
    const { finding, part = '' } = unit;
    const known =
      this.#byFinding.get(finding) ?? new Map<string, { readonly unit: Unit; readonly triage: NamedDecision }>();
    this.#byFinding.set(finding, known);
    for (const [other, before] of known) {
      if (other !== '' && part !== '' && other !== part) continue;
      if (decisionKey(before.triage) !== decisionKey(triage)) throw contradiction(finding, before.triage, triage);
    }
    if (!known.has(part)) known.set(part, { unit, triage });
  }

  /** The decision on a unit: its own, or that on the whole finding. */
  on({ finding, part = '' }: Unit): NamedDecision | undefined {
    const known = this.#byFinding.get(finding);
    return (known?.get(part) ?? known?.get(''))?.triage;
  }

  /** The units with the same decision, in the order in which they were decided on. */
  alike(): { readonly decision: VexDecision; readonly units: readonly Unit[] }[] {
    const groups = new Map<string, { decision: VexDecision; units: Unit[] }>();
    for (const known of this.#byFinding.values()) {
      for (const { unit, triage } of known.values()) {
        const group = groups.get(decisionKey(triage));
        if (group) group.units.push(unit);
        else groups.set(decisionKey(triage), { decision: decisionAlone(triage), units: [unit] });
      }
    }
    return [...groups.values()];
  }

  /** Findings that are decided on as a whole, or in all of their parts. */
  whole(): Finding[] {
    return [...this.#byFinding.keys()].filter((finding) => this.openIn(finding).length === 0);
  }

  /** Findings of whose parts only some are decided on. */
  partly(): Finding[] {
    return [...this.#byFinding.keys()].filter((finding) => this.openIn(finding).length > 0);
  }

  /** The parts of a finding that nothing is decided on. */
  openIn(finding: Finding): string[] {
    const [whole, ...parts] = unitsOf(finding);
    if (this.on(whole)) return [];
    return parts.flatMap((unit) => (this.on(unit) || unit.part === undefined ? [] : [unit.part]));
  }
}

function contradiction(finding: Finding, before: NamedDecision, triage: NamedDecision): SluiceError {
  const both = `${before.status} as ${before.id}, ${triage.status} as ${triage.id}`;
  return new SluiceError('vex/contradiction', `${finding.id} in ${finding.package} is decided on twice: ${both}`);
}
