import type { Presence } from '../../model/package.ts';
import { blinding, type Problem, warning } from '../../model/problem.ts';
import type { ErrorCode } from '../../util/error.ts';
import { asRecord, asString, parseJson } from '../../util/json.ts';
import type { SbomProperty } from './document.ts';
import { presenceOf } from './draft.ts';

/** What sluice noted of the scan itself in a document that it wrote. */
export interface OwnNotes {
  readonly judged?: readonly Presence[];
  readonly problems: readonly Problem[];
  /** Whether all that left the gate blind was in the advisories, which are asked again: the list itself is whole. */
  readonly blindByData: boolean;
}

const codeText = /^[a-z0-9-]{1,100}\/[a-z0-9-]{1,100}$/;
/** Most problems that are taken over. */
const problemLimit = 10_000;

/** Codes of problems that matching finds again, with the data of its day. */
const foundAgain: ReadonlySet<string> = new Set(['data/release-unknown', 'match/version-unparsable']);

/** Reads sluice's own properties of a document, as name and value; none in documents of others. */
export function ownNotes(properties: readonly SbomProperty[]): OwnNotes {
  const judged = new Set<Presence>();
  const problems: Problem[] = [];
  let dropped = 0;
  let blind = 0;
  for (const [name, value] of properties) {
    const presence = name === 'sluice:judged' ? presenceOf(value) : undefined;
    if (presence) judged.add(presence);
    const problem = problemOf(name, value);
    if (!problem) continue;
    if (foundAgain.has(problem.code)) dropped += problem.blinding ? 1 : 0;
    else {
      if (problem.blinding) blind++;
      if (problems.length < problemLimit) problems.push(problem);
    }
  }
  return {
    // A document may widen what is judged, never narrow it.
    ...(judged.has('installed') ? { judged: [...judged] } : {}),
    problems,
    blindByData: dropped > 0 && blind === 0,
  };
}

/** A problem as JSON: code, message, path and layer. */
function problemOf(name: string, value: string): Problem | undefined {
  if (name !== 'sluice:problem' && name !== 'sluice:problem:blinding') return undefined;
  const stated = recordIn(value);
  const code = asString(stated.code) ?? '';
  const message = asString(stated.message);
  if (!codeText.test(code) || message === undefined) return undefined;
  const layer = stated.layer;
  const make = name === 'sluice:problem' ? warning : blinding;
  const problem = make(code as ErrorCode, message, asString(stated.path));
  return typeof layer === 'number' && Number.isSafeInteger(layer) && layer >= 0 ? { ...problem, layer } : problem;
}

function recordIn(text: string): Record<string, unknown> {
  try {
    return asRecord(parseJson(Buffer.from(text))) ?? {};
  } catch {
    return {};
  }
}
