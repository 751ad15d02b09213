/** The rules of OpenVEX 0.2.0 in our own words: what of a document breaks them, a line each. */
export function openVexFaults(value: unknown): string[] {
  const document = value as Json;
  const faults = keysOf(document, 'document', documentKeys);
  if (document['@context'] !== 'https://openvex.dev/ns/v0.2.0') faults.push('document: another @context');
  for (const key of ['@id', 'author', 'tooling']) if (!isText(document[key])) faults.push(`document: no ${key}`);
  if (!isIri(document['@id'])) faults.push('document: @id is no IRI');
  if (!Number.isInteger(document.version) || Number(document.version) < 1) faults.push('document: no version');
  if (!isTime(document.timestamp)) faults.push('document: no timestamp');
  const statements = document.statements as Json[];
  if (!Array.isArray(statements) || statements.length === 0) return [...faults, 'document: no statements'];
  if (hasTwins(statements)) faults.push('document: a statement twice');
  return [...faults, ...statements.flatMap((statement, at) => statementFaults(statement, `statement ${at + 1}`))];
}

type Json = Record<string, unknown>;

const documentKeys = '@context @id author role timestamp last_updated version tooling statements'.split(' ');
const statementKeys = (
  '@id version vulnerability timestamp last_updated products status supplier status_notes justification ' +
  'impact_statement action_statement action_statement_timestamp'
).split(' ');
const words = (
  'component_not_present vulnerable_code_not_present vulnerable_code_not_in_execute_path ' +
  'vulnerable_code_cannot_be_controlled_by_adversary inline_mitigations_already_exist'
).split(' ');

function statementFaults(statement: Json, where: string): string[] {
  const faults = keysOf(statement, where, statementKeys);
  const vulnerability = statement.vulnerability as Json;
  faults.push(...keysOf(vulnerability, where, ['@id', 'name', 'description', 'aliases']));
  const aliases = (vulnerability.aliases ?? []) as unknown[];
  if (!isText(vulnerability.name) || !aliases.every(isText)) faults.push(`${where}: a vulnerability without a name`);
  if (hasTwins(aliases)) faults.push(`${where}: an alias twice`);
  for (const key of ['timestamp', 'last_updated'])
    if (statement[key] !== undefined && !isTime(statement[key])) faults.push(`${where}: ${key} is no time`);
  if (statement.version !== undefined && !(Number(statement.version) >= 1)) faults.push(`${where}: version below 1`);
  const { status, justification, impact_statement, action_statement } = statement;
  if (!['not_affected', 'affected', 'fixed', 'under_investigation'].includes(String(status)))
    faults.push(`${where}: no status`);
  if (justification !== undefined && !words.includes(String(justification))) faults.push(`${where}: no justification`);
  if (status === 'not_affected' && justification === undefined && !isText(impact_statement))
    faults.push(`${where}: not_affected for no reason`);
  if (status === 'affected' && !isText(action_statement)) faults.push(`${where}: affected, and nothing to do`);
  const products = (statement.products ?? []) as Json[];
  if (products.length === 0 || hasTwins(products)) faults.push(`${where}: no products, or one twice`);
  for (const product of products) {
    faults.push(...componentFaults(product, where, ['@id', 'identifiers', 'hashes', 'subcomponents']));
    const parts = (product.subcomponents ?? []) as Json[];
    if (hasTwins(parts)) faults.push(`${where}: a part twice`);
    faults.push(...parts.flatMap((part) => componentFaults(part, where, ['@id', 'identifiers', 'hashes'])));
  }
  return faults;
}

function componentFaults(component: Json, where: string, keys: readonly string[]): string[] {
  const faults = keysOf(component, where, keys);
  const { identifiers, hashes } = component as { identifiers?: Json; hashes?: Json };
  if (!isIri(component['@id'])) faults.push(`${where}: a component without an IRI`);
  if (identifiers) faults.push(...keysOf(identifiers, where, ['purl', 'cpe22', 'cpe23']));
  if (hashes) faults.push(...keysOf(hashes, where, ['sha-256']));
  if (hashes && !/^[0-9a-f]{64}$/.test(String(hashes['sha-256']))) faults.push(`${where}: no hash`);
  return faults;
}

function keysOf(object: Json, where: string, known: readonly string[]): string[] {
  return Object.keys(object)
    .filter((key) => !known.includes(key))
    .map((key) => `${where}: unknown key ${key}`);
}

function hasTwins(values: readonly unknown[]): boolean {
  return new Set(values.map((value) => JSON.stringify(value))).size !== values.length;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isIri(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/.test(value);
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value);
}
