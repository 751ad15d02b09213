import { parseVex } from '../../format/vex/parse-vex.ts';
import { applyVex } from '../../match/vex/apply.ts';
import { digestOf } from '../../model/digest.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { OpenVexDocument } from '../../report/vex/openvex.ts';
import { someOf } from '../../util/some-of.ts';

/** Most findings that one remark lists. */
const shown = 3;

/**
 * What a new document does besides what it was made for, found out by giving it back to a scan: findings that it speaks
 * of and should not, or does not speak of and should. A sentence each. `names`: references of the target.
 */
export function sideEffects(
  document: OpenVexDocument,
  decided: readonly Finding[],
  { findings, packages, target }: Evidence,
  names: readonly string[],
): string[] {
  // What a word of any status reaches shows when all of them answer.
  const statements = document.statements.map(({ vulnerability, products }) => ({
    vulnerability,
    products,
    status: 'fixed',
  }));
  const bytes = Buffer.from(JSON.stringify({ ...document, statements }));
  const digest = digestOf(bytes);
  const read = parseVex(bytes);
  const plain = findings.map(({ answered: _answered, statements: _statements, ...finding }) => finding);
  const applied = applyVex(plain, packages, target, [{ document: read, name: '', digest, believed: true }], names);
  const isSaid = applied.findings.map(({ answered }) => answered !== undefined);
  const wanted = new Set(decided);
  const also = findings.filter((finding, at) => isSaid[at] && !wanted.has(finding));
  const not = findings.filter((finding, at) => !isSaid[at] && wanted.has(finding));
  return [
    ...(also.length === 0 ? [] : [`the document speaks of more than was asked for: also of ${listed(also)}`]),
    ...(not.length === 0 ? [] : [`the document does not reach ${listed(not)}`]),
    ...read.unread,
  ];
}

function listed(findings: readonly Finding[]): string {
  const texts = findings.map(({ id, name, version }) => `${id} in ${name} ${version}`);
  return someOf(texts, shown);
}
