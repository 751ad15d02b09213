import type { VexComponent } from '../../model/vex.ts';
import { SluiceError } from '../../util/error.ts';
import { asArray, asRecord, asString, parseJson } from '../../util/json.ts';
import type { Json } from './draft.ts';
import { documentLimit } from './limits.ts';
import { subjectsOf } from './openvex.ts';

/** What an attestation holds. */
export interface Opened {
  readonly document: Json;
  /** The predicate's type; absent when the document stood alone. */
  readonly predicateType?: string;
  /** What the statement is about; empty when the document stood alone. */
  readonly subjects: readonly VexComponent[];
}

const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/**
 * Takes a document out of what it may be packed in: a sigstore bundle, a DSSE envelope, an in-toto statement. Signatures
 * are not checked here. @throws SluiceError `vex/envelope`, `json/...`
 */
export function openEnvelope(json: Json): Opened {
  const envelope = asRecord(json.dsseEnvelope) ?? json;
  const inner = isEnvelope(envelope) ? payloadOf(envelope) : envelope;
  const predicateType = asString(inner.predicateType);
  if (predicateType === undefined) {
    if (inner !== json) throw new SluiceError('vex/envelope', 'the envelope holds no in-toto statement');
    return { document: inner, subjects: [] };
  }
  const predicate = asRecord(inner.predicate);
  if (!predicate) throw new SluiceError('vex/envelope', 'the in-toto statement has no predicate');
  // cosign wraps what it does not know.
  const document = asRecord(predicate.Data) ?? predicate;
  return { document, predicateType, subjects: subjectsOf(inner.subject) };
}

/** Whether a predicate of this type may be VEX: OpenVEX of any version, or CycloneDX. */
export function mayBeVex(predicateType: string): boolean {
  return predicateType.startsWith('https://openvex.dev/ns') || predicateType.startsWith('https://cyclonedx.org/');
}

function isEnvelope(json: Json): boolean {
  return (
    typeof json.payload === 'string' && (typeof json.payloadType === 'string' || asArray(json.signatures) !== undefined)
  );
}

function payloadOf(envelope: Json): Json {
  const text = asString(envelope.payload) ?? '';
  if (text.length > documentLimit * 2 || !base64.test(text.replace(/\s+/g, ''))) {
    throw new SluiceError('vex/envelope', 'the payload of the DSSE envelope is not base64');
  }
  const payload = asRecord(parseJson(Buffer.from(text, 'base64')));
  if (!payload) throw new SluiceError('vex/envelope', 'the payload of the DSSE envelope is no JSON object');
  return payload;
}
