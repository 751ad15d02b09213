import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

const text = { type: 'string' };
const metadata = {
  type: 'object',
  maxProperties: 8,
  additionalProperties: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] },
};

/**
 * GitHub's rules for a snapshot of dependencies, in our own words by its published description of the REST API ("Create a
 * snapshot of dependencies for a repository", version 2022-11-28).
 */
const snapshot = {
  type: 'object',
  additionalProperties: false,
  required: ['job', 'sha', 'ref', 'detector', 'version', 'scanned'],
  properties: {
    version: { type: 'integer' },
    job: {
      type: 'object',
      additionalProperties: false,
      required: ['id', 'correlator'],
      properties: { id: text, correlator: text, html_url: text },
    },
    sha: { type: 'string', minLength: 40, maxLength: 40 },
    ref: { type: 'string', pattern: '^refs/' },
    detector: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'version', 'url'],
      properties: { name: text, version: text, url: text },
    },
    metadata,
    scanned: { type: 'string', format: 'date-time' },
    manifests: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['name'],
        properties: {
          name: text,
          file: { type: 'object', additionalProperties: false, properties: { source_location: text } },
          metadata,
          resolved: {
            type: 'object',
            additionalProperties: {
              type: 'object',
              additionalProperties: false,
              properties: {
                package_url: { type: 'string', pattern: '^pkg' },
                metadata,
                relationship: { enum: ['direct', 'indirect'] },
                scope: { enum: ['runtime', 'development'] },
                dependencies: { type: 'array', items: text },
              },
            },
          },
        },
      },
    },
  },
};

/** What GitHub would not take of a snapshot; empty when there is nothing. */
export function snapshotFaults(document: unknown): string[] {
  const ajv = new Ajv({ strict: true, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(snapshot);
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
