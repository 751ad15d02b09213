import { applyVex } from '../../match/vex/apply.ts';
import { type ExplainedProduct, explainVex } from '../../match/vex/explain.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { GivenVex, VexDocument, VexStatement } from '../../model/vex.ts';
import type {
  ExplainedDocument,
  ExplainedFinding,
  ExplainedStatement,
  IdleStatement,
  VexExplanation,
} from '../../report/vex/explanation.ts';
import { folded, namesOf } from '../../report/vex/names.ts';
import { SluiceError } from '../../util/error.ts';
import { nearest } from '../../util/nearest.ts';
import { missingData } from './missing-data.ts';

/** What the documents come to for the evidence, gathered without them. `names`: references of the target. */
export interface VexGiven {
  readonly given: readonly GivenVex[];
  readonly names: readonly string[];
}

/**
 * Explains what VEX documents come to: for the flaw that is asked for, or for all.
 * @throws SluiceError `vex/no-such-flaw` when neither the target nor a document knows it
 */
export function explainDocuments(evidence: Evidence, { given, names }: VexGiven, asked?: string): VexExplanation {
  const { target, packages } = evidence;
  const lacking = missingData(evidence);
  const applied = applyVex(evidence.findings, packages, target, given, names);
  const { findings } = applied;
  const known = new Set(findings.flatMap(namesOf).map(folded));
  const spoken = given.map((one) => ({ one, names: new Set(one.document.statements.flatMap(namesIn)) }));
  const speaks = (finding: Finding) => {
    const own = namesOf(finding).map(folded);
    return spoken.filter((candidate) => own.some((name) => candidate.names.has(name))).map(({ one }) => one);
  };
  const chosen = findings.filter((finding) =>
    asked === undefined ? speaks(finding).length > 0 : namesOf(finding).map(folded).includes(folded(asked)),
  );
  const idle = idleIn(given, asked, known);
  const stated = spoken.flatMap(({ names: some }) => [...some]);
  const isSpokenOf = idle.length > 0 || given.some(({ document }) => isUnread(document, asked));
  if (asked !== undefined && chosen.length === 0 && !isSpokenOf) throw unknownFlaw(asked, known, stated, lacking);
  const rows = [...byId(chosen)].map(([id, same]): [string, readonly ExplainedProduct[]] => {
    const documents = [...new Set(same.flatMap(speaks))];
    return [id, explainVex(id, same, packages, target, documents, names)];
  });
  const explained = withRows(chosen, new Map(rows));
  return {
    target,
    ...(asked === undefined ? {} : { asked }),
    documents: documentsOf(given, applied.vex),
    findings: explained,
    idle,
    remarks: [
      ...(lacking === undefined ? [] : [lacking]),
      ...(asked === undefined ? [] : remarksOn(asked, explained, idle.length > 0, stated)),
    ],
  };
}

function byId(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const same = groups.get(finding.id);
    if (same) same.push(finding);
    else groups.set(finding.id, [finding]);
  }
  return groups;
}

function withRows(
  findings: readonly Finding[],
  rows: ReadonlyMap<string, readonly ExplainedProduct[]>,
): ExplainedFinding[] {
  return findings.map((finding) => {
    const own = rows.get(finding.id)?.filter((row) => row.package === finding.package) ?? [];
    return { finding, statements: byStatement(own) };
  });
}

function byStatement(rows: readonly ExplainedProduct[]): ExplainedStatement[] {
  const statements = new Map<VexStatement, [ExplainedProduct, ...ExplainedProduct[]]>();
  for (const row of rows) {
    const same = statements.get(row.statement);
    if (!same) statements.set(row.statement, [row]);
    // A package that is installed and declared has two findings of one name.
    else if (!same.some(({ product, why }) => product === row.product && why === row.why)) same.push(row);
  }
  return [...statements.values()];
}

function namesIn({ vulnerabilities }: { readonly vulnerabilities: readonly string[] }): string[] {
  return vulnerabilities.map(folded);
}

/** Statements whose flaw no finding has; when one is asked for, those alone that name it. */
function idleIn(given: readonly GivenVex[], asked: string | undefined, known: ReadonlySet<string>): IdleStatement[] {
  return given.flatMap(({ document, name: file }) =>
    document.statements.flatMap((statement, at) => {
      const names = namesIn(statement);
      if (names.some((name) => known.has(name)) || (asked !== undefined && !names.includes(folded(asked)))) return [];
      return [{ document: document.id || file, file, number: at + 1, statement }];
    }),
  );
}

function documentsOf(
  given: readonly GivenVex[],
  made: readonly Omit<ExplainedDocument, 'file' | 'unread'>[],
): ExplainedDocument[] {
  const byDigest = new Map(given.map((one) => [one.digest, one]));
  return made.map((one) => {
    const { name = '', document } = byDigest.get(one.digest) ?? {};
    return { ...one, file: name, unread: document?.unread ?? [] };
  });
}

/** A flaw whose statements go by a name that looks much like it is the commonest reason why nothing fits. */
function remarksOn(
  asked: string,
  explained: readonly ExplainedFinding[],
  isIdle: boolean,
  stated: readonly string[],
): string[] {
  if (explained.length === 0) return isIdle ? [] : [`nothing here has ${asked}, and what is said of it can't be read`];
  if (explained.some(({ statements }) => statements.length > 0)) return [];
  const close = nearest(folded(asked), stated);
  const hint = close === undefined ? '' : `; the name that is most like it is ${close}`;
  return [`no statement names ${asked} or one of its other names${hint}`];
}

/** Whether what could not be read of a document is about the flaw. */
function isUnread({ unread }: VexDocument, asked = ''): boolean {
  return unread.some((line) => folded(line).includes(folded(asked)));
}

function unknownFlaw(
  asked: string,
  known: ReadonlySet<string>,
  stated: readonly string[],
  lacking: string | undefined,
): SluiceError {
  const close = nearest(folded(asked), [...known, ...stated]);
  const message = `the scan found no ${asked}, and no document speaks of it`;
  return new SluiceError('vex/no-such-flaw', message, close === undefined ? lacking : `did you mean ${close}?`);
}
