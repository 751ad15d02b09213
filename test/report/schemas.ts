import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** What is wrong with a document by a schema; empty when nothing is. */
export type Check = (document: unknown) => string[];

const require = createRequire(import.meta.url);

/** The official schema of SARIF 2.1.0. It is written in draft 4, of which it uses what later drafts kept. */
export function sarifCheck(): Check {
  const {
    $schema: _draft,
    id: _id,
    ...schema
  } = json(require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));
  // One of its patterns has a bracket too many, which only the older grammar of patterns lets pass.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  return checkOf(ajv.compile(schema));
}

/** The official schema of a version of CycloneDX, with the list of SPDX licences and others that it refers to. */
export function cycloneDxCheck(version: '1.6' | '1.7' = '1.6'): Check {
  const folder = join(dirname(require.resolve('@cyclonedx/cyclonedx-library/package.json')), 'res', 'schema');
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  // Formats that ajv-formats does not have; no field of ours is written in an e-mail's or a licence's URL.
  ajv.addFormat('idn-email', true).addFormat('iri-reference', true);
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
    // The document refers to them by the names of the files, which are not the ids that stand in them.
    const { $id: _id, ...schema } = json(join(folder, `${name}.SNAPSHOT.schema.json`));
    ajv.addSchema(schema, `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  }
  return checkOf(ajv.compile(json(join(folder, `bom-${version}.SNAPSHOT.schema.json`))));
}

/** The official schema of a version of SPDX. */
export function spdxCheck(version: '2.3' | '3.0.1'): Check {
  const schema = json(resolve(import.meta.dirname, '..', '..', 'schema', 'vendor', `spdx-${version}.schema.json`));
  if (version === '2.3') return checkOf(new Ajv({ strict: false, allErrors: true }).compile(schema));
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  return checkOf(ajv.compile(schema));
}

type SchemaName =
  | 'sluice-v1'
  | 'sluice-inventory-v1'
  | 'sluice-diff-v1'
  | 'sluice-explain-v1'
  | 'sluice-audit-v1'
  | 'sluice-policy-diff-v1'
  | 'sluice-vex-explain-v1'
  | 'sluice-fix-v1'
  | 'sluice-event-v1';

/** Our own schema of the JSON report, or of another. */
export function sluiceCheck(name: SchemaName = 'sluice-v1'): Check {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  const schema = (of: SchemaName) => json(resolve(import.meta.dirname, '..', '..', 'schema', `${of}.json`));
  // Others refer to parts of it.
  if (name !== 'sluice-v1') ajv.addSchema(schema('sluice-v1'));
  return checkOf(ajv.compile(schema(name)));
}

function json(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}

interface Validate {
  (document: unknown): unknown;
  errors?: readonly { readonly instancePath: string; readonly message?: string; readonly params: unknown }[] | null;
}

function checkOf(validate: Validate): Check {
  return (document) => {
    validate(document);
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}
