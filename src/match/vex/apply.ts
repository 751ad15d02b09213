import type { EvidenceTarget, EvidenceVex } from '../../model/evidence.ts';
import type { Answer, Finding, VexNote } from '../../model/finding.ts';
import type { Package } from '../../model/package.ts';
import { type Problem, warning } from '../../model/problem.ts';
import type { GivenVex } from '../../model/vex.ts';
import { decide } from './decision.ts';
import { sceneOf } from './scene.ts';
import { documentName, eachOnce, type Said, Statements } from './statements.ts';

/** Most statements that are kept of one finding; the one that decides is among them. */
const noteLimit = 50;
/** Most lines on what could not be read that are kept of one document. */
const unreadLimit = 5;

/** Findings with what VEX says of them, and what was made of the documents. */
export interface AppliedVex {
  /** In the order in which they came. */
  readonly findings: Finding[];
  /** Sorted by document and digest. */
  readonly vex: EvidenceVex[];
  /** `vex/unread`: warnings on what could not be read of the documents. */
  readonly problems: Problem[];
}

/**
 * Lays VEX documents over findings: of the statements that are believed the newest decides, of those of one time the most
 * careful. An answer that a finding has stays. `names` are the references under which the user named the image.
 */
export function applyVex(
  findings: readonly Finding[],
  packages: readonly Package[],
  target: EvidenceTarget,
  given: readonly GivenVex[],
  names: readonly string[] = [],
): AppliedVex {
  const documents = eachOnce(given);
  const statements = new Statements(documents);
  const scene = sceneOf(target, packages, names);
  const applied = new Map<GivenVex, Set<number>>(documents.map((one) => [one, new Set()]));
  return {
    findings: findings.map((finding) => {
      const said = statements.on(finding, scene);
      for (const { given: one, number } of said) applied.get(one)?.add(number);
      return said.length === 0 ? finding : withStatements(finding, said);
    }),
    vex: documents.map((one) => evidenceOf(one, applied.get(one)?.size ?? 0)),
    problems: documents.flatMap(problemsOf),
  };
}

function withStatements(finding: Finding, said: readonly Said[]): Finding {
  const { deciders, answers } = decide(finding, said);
  const answered = finding.answered ?? (answers ? answerOf([...deciders]) : undefined);
  return {
    ...finding,
    statements: keptOf(said, deciders).map(noteOf),
    ...(answered === undefined ? {} : { answered }),
  };
}

/** The newest, among them those that decide. */
function keptOf(said: readonly Said[], deciders: ReadonlySet<Said>): readonly Said[] {
  if (said.length <= noteLimit) return said;
  let others = Math.max(0, noteLimit - deciders.size);
  return said.filter((one) => deciders.has(one) || others-- > 0).slice(0, noteLimit);
}

function noteOf({ given, statement }: Said): VexNote {
  const { status, justification, says, timestamp } = statement;
  return {
    status,
    ...(justification === undefined ? {} : { justification }),
    ...(says === undefined ? {} : { says }),
    timestamp,
    author: given.document.author,
    document: documentName(given),
    format: given.document.format,
    believed: given.believed,
  };
}

function answerOf(deciders: readonly Said[]): Answer {
  const shown = deciders.slice(0, 3).map(becauseOf);
  const more = deciders.length > shown.length ? [`${deciders.length - shown.length} more statements say the like`] : [];
  return { by: 'vex', because: [...shown, ...more].join('; ') };
}

/** `ACME says not_affected (component_not_present) in vex-2024-1 of 2024-05-01`. */
function becauseOf({ given, statement }: Said): string {
  const { status, justification, says, timestamp } = statement;
  const reason = justification ?? (status === 'not_affected' ? says : undefined);
  const author = oneLine(given.document.author, 100) || 'a VEX document';
  const why = reason === undefined ? '' : ` (${oneLine(reason, 200)})`;
  const day = timestamp === '' ? '' : ` of ${timestamp.slice(0, 10)}`;
  return `${author} says ${status}${why} in ${oneLine(documentName(given), 200)}${day}`;
}

function oneLine(text: string, limit: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

function evidenceOf(given: GivenVex, applied: number): EvidenceVex {
  const { format, author, timestamp, statements } = given.document;
  const { digest, believed } = given;
  const document = documentName(given);
  return { document, format, digest, author, timestamp, statements: statements.length, applied, believed };
}

function problemsOf({ document: { unread }, name }: GivenVex): Problem[] {
  const lines = unread.slice(0, unreadLimit);
  if (unread.length > unreadLimit) lines.push(`and more: ${unread.length - unreadLimit} lines are left out here`);
  return lines.map((line) => warning('vex/unread', `${name}: ${line}`));
}
