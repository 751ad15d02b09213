import { expect, test } from 'vitest';
import { parseExpression } from '../../../src/policy/expression/parse.ts';
import { misreadOrder } from '../../../src/policy/file/misread-order.ts';
import { variablesOf } from '../../../src/policy/file/read-expression.ts';
import type { SubjectKind } from '../../../src/policy/subject/contract.ts';

/** The place and the message of what is misread. */
function misread(on: SubjectKind, when: string): unknown {
  const found = misreadOrder(parseExpression(when, variablesOf(on)));
  return found && [found.offset, found.message];
}

test.each<[SubjectKind, string, number, string]>([
  ['finding', "finding.severity >= 'high'", 8, '>= compares letters here, and not severities'],
  ['finding', "finding.hasFix && ('medium' < finding.severity)", 38, '< compares letters here, and not severities'],
  ['finding', 'pkg.worst > policy.failOn', 4, '> compares letters here, and not severities'],
  ['package', "pkg.version < '1.10'", 4, '< compares letters here, and not versions'],
  ['package', "pkg.originVersion <= '2'", 4, '<= compares letters here, and not versions'],
  ['package-file', "packageFile.version > '1'", 12, '> compares letters here, and not versions'],
  ['image', "image.distribution.version < '11'", 19, '< compares letters here, and not versions'],
  ['image', "image.findings.exists(f, f.severity > 'low')", 27, '> compares letters here, and not severities'],
])('on %s: %s', (on, when, offset, message) => {
  expect(misread(on, when)).toEqual([offset, message]);
});

test.each<[SubjectKind, string]>([
  ['finding', "finding.severity == 'high' || finding.severity.atLeast('high')"],
  ['finding', "finding.cvss.version >= '3.0' && finding.score > 7.0"],
  ['finding', 'finding.kevDue < today'],
  ['image', 'int(image.distribution.version) < 11'],
  ['file', "file.octal > '0644'"],
  ['package', "pkg.olderThan('1.10') && pkg.version != '1.9'"],
])('nothing on %s: %s', (on, when) => {
  expect(misread(on, when)).toBe(undefined);
});
