import type { VexComponent, VexDocument } from '../../model/vex.ts';
import { SluiceError } from '../../util/error.ts';
import { asRecord, parseJson } from '../../util/json.ts';
import { isCsaf, readCsaf } from './csaf.ts';
import { isCycloneDx, readCycloneDx } from './cyclonedx.ts';
import type { Json } from './draft.ts';
import { openEnvelope } from './envelope.ts';
import { documentLimit } from './limits.ts';
import { isOpenVex, readOpenVex } from './openvex.ts';

/** A VEX document, and what the attestation around it is about. */
export interface ParsedVex {
  readonly document: VexDocument;
  /** Empty when there is no attestation around it. */
  readonly subjects: readonly VexComponent[];
}

/**
 * Reads VEX in whichever format it is: OpenVEX, CSAF 2.0 or CycloneDX, in JSON, alone or in an in-toto statement, which
 * may be in a DSSE envelope. Signatures are not checked. `about` is what a document is about that does not say it.
 * @throws SluiceError `vex/...`, `json/...`: `vex/unknown` when it is none of them
 */
export function parseVex(bytes: Buffer, about: readonly VexComponent[] = []): VexDocument {
  return parseVexOf(bytes, about).document;
}

/**
 * As {@link parseVex}, with what the attestation is about. Where one of its subjects `isOwn`, a document without products
 * is about `about`, which may name the same thing better. @throws SluiceError `vex/...`, `json/...`
 */
export function parseVexOf(
  bytes: Buffer,
  about: readonly VexComponent[] = [],
  isOwn: (subject: VexComponent) => boolean = () => false,
): ParsedVex {
  if (bytes.length === 0) throw new SluiceError('vex/empty', 'the file is empty');
  if (bytes.length > documentLimit) {
    throw new SluiceError('vex/too-large', `the VEX document is larger than ${documentLimit} bytes`);
  }
  const json = asRecord(parseJson(bytes));
  if (!json) throw unknown();
  const { document, subjects } = openEnvelope(json);
  const told = subjects.length === 0 || (about.length > 0 && subjects.some(isOwn)) ? about : subjects;
  return { document: read(document, told), subjects };
}

function read(json: Json, about: readonly VexComponent[]): VexDocument {
  if (isOpenVex(json)) return readOpenVex(json, about);
  if (isCsaf(json)) return readCsaf(json);
  if (!isCycloneDx(json)) throw unknown();
  const document = readCycloneDx(json, about);
  if (document.statements.length > 0 || document.unread.length > 0) return document;
  throw new SluiceError('vex/no-analysis', 'the bill of materials analyses no vulnerability: it is no VEX');
}

function unknown(): SluiceError {
  return new SluiceError(
    'vex/unknown',
    'it is no VEX document that is known',
    'these are: OpenVEX, CSAF 2.0 and CycloneDX, in JSON',
  );
}
