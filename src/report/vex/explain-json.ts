import { jsonText } from '../text-json.ts';
import type { ExplainedFinding, ExplainedStatement, IdleStatement, VexExplanation } from './explanation.ts';

/** What VEX documents come to, for machines. */
export function explainJson({ target, asked, documents, findings, idle, remarks }: VexExplanation): string {
  const { kind, digest, id, platform } = target;
  return jsonText({
    schema: 'sluice/vex-explain/v1',
    target: { kind, digest, id, platform },
    asked,
    documents,
    findings: findings.map(findingJson),
    idle: idle.map(idleJson),
    remarks,
  });
}

function findingJson({ finding, statements }: ExplainedFinding): object {
  const { id, aliases, package: purl, severity, answered } = finding;
  return { id, aliases, package: purl, severity, answered, statements: statements.map(statementJson) };
}

function statementJson(rows: ExplainedStatement): object {
  const { document, file, number, format, author, believed, statement, effect } = rows[0];
  const { status, justification, says, timestamp } = statement;
  return {
    ...{ document, file, number, format, author, believed },
    ...{ status, justification, says, timestamp, effect },
    products: rows.map(({ product, fits, why }) => ({ product, fits, why })),
    more: rows.reduce((sum, { others }) => sum + others, 0),
  };
}

function idleJson({ document, file, number, statement }: IdleStatement): object {
  const { vulnerabilities, status, justification, says, timestamp } = statement;
  return { document, file, number, vulnerabilities, status, justification, says, timestamp };
}
