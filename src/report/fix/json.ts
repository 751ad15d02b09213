import type { BaseChange, Bump, Change, FixedFlaw, FixPlan, Remaining } from '../../match/fix/contract.ts';
import type { Reason, Verdict } from '../../model/verdict.ts';
import { jsonText } from '../text-json.ts';
import { jsonTarget } from '../text-target.ts';

/** A plan as JSON, `sluice-fix/v1`: its schema is `schema/sluice-fix-v1.json`. */
export function fixJson({ target, before, after, outcome, changes, remains, others, patches, notes }: FixPlan): string {
  return jsonText({
    schema: 'sluice-fix/v1',
    target: jsonTarget(target),
    outcome,
    before: jsonVerdict(before),
    after: jsonVerdict(after),
    changes: changes.map(jsonChange),
    remains: remains.map(jsonRemaining),
    others,
    patches: patches.map(({ path, diff }) => ({ path, diff })),
    notes,
  });
}

function jsonVerdict({ decision, reasons }: Verdict): object {
  return { decision, reasons: reasons.map(jsonReason) };
}

function jsonReason({ rule, decision, message, action }: Reason): object {
  return { rule, decision, message, action };
}

function jsonChange({ what, ends, brings, files, commands, notes }: Change): object {
  const changed = what.kind === 'base' ? jsonBase(what) : jsonBump(what);
  return { ...changed, ends: ends.map(jsonFlaw), brings: brings.map(jsonFlaw), files, commands, notes };
}

function jsonBase({ kind, from, to, digest }: BaseChange): object {
  return { kind, from, to, digest };
}

function jsonBump({ kind, ecosystem, name, packages, from, to, leavesMajor, place, distribution }: Bump): object {
  return { kind, ecosystem, name, packages, from, to, leavesMajor, place, distribution };
}

function jsonFlaw({ id, severity, package: purl, stops }: FixedFlaw): object {
  return { id, severity, package: purl, stops };
}

function jsonRemaining({ rule, decision, id, severity, package: purl, fixed, because, says }: Remaining): object {
  return { rule, decision, id, severity, package: purl, fixed, because, says };
}
