import { SluiceError } from '../../util/error.ts';
import { asRecord, asString, parseJson } from '../../util/json.ts';
import { xmlText } from '../xml-text.ts';
import { parseXml } from '../xml-tree.ts';
import { readCycloneDx } from './cyclonedx.ts';
import { cycloneDxOfXml } from './cyclonedx-xml.ts';
import type { SbomDocument } from './document.ts';
import { sbomSyntax } from './sniff.ts';
import { spdx2OfTagValue } from './spdx-tag-value.ts';
import { isSpdx2, readSpdx2 } from './spdx2.ts';
import { isSpdx3, readSpdx3 } from './spdx3.ts';
import { isSyft, readSyft } from './syft.ts';

/**
 * Reads a bill of materials in whichever format its content is: CycloneDX 1.2 to 1.7 (JSON, XML), SPDX 2 (JSON,
 * tag-value), SPDX 3.0 (JSON-LD) or Syft's own. In UTF-8 alone, XML also in Latin-1.
 * @throws SluiceError `sbom/...`, `json/...`, `xml/...`: `sbom/unknown` when it is none of them
 */
export function parseSbom(bytes: Buffer): SbomDocument {
  if (bytes.length === 0) throw new SluiceError('sbom/empty', 'the file is empty');
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new SluiceError('sbom/encoding', 'the file is UTF-16; bills of materials are read in UTF-8');
  }
  switch (sbomSyntax(bytes)) {
    case 'json':
      return readJson(parseJson(bytes));
    case 'xml':
      return readCycloneDx(cycloneDxOfXml(parseXml(xmlText(bytes))), 'cyclonedx-xml');
    case 'tag-value':
      return readTagValue(bytes);
    default:
      throw unknown();
  }
}

function readTagValue(bytes: Buffer): SbomDocument {
  const document = spdx2OfTagValue(bytes.toString('utf8'));
  const version = asString(document.spdxVersion) ?? '';
  if (!version.startsWith('SPDX-2.')) throw unread(version);
  return readSpdx2(document, 'spdx-tag-value');
}

function readJson(value: unknown): SbomDocument {
  const document = documentIn(asRecord(value) ?? {});
  if (document.bomFormat === 'CycloneDX') {
    const version = asString(document.specVersion) ?? '';
    if (!version.startsWith('1.')) throw unread(`CycloneDX ${version.slice(0, 20)}`);
    return readCycloneDx(document, 'cyclonedx-json');
  }
  if (isSpdx2(document)) return readSpdx2(document, 'spdx-json');
  if (isSpdx3(document)) return readSpdx3(document);
  if (isSyft(document)) return readSyft(document);
  throw unknown();
}

/** A statement of in-toto (as BuildKit writes it) and GitHub's export have the document inside of them. */
function documentIn(value: Record<string, unknown>): Record<string, unknown> {
  if (asString(value.predicateType) !== undefined) return asRecord(value.predicate) ?? value;
  return asRecord(value.sbom) ?? value;
}

function unread(version: string): SluiceError {
  return new SluiceError('sbom/version', `bills of materials of ${JSON.stringify(version.slice(0, 40))} are not read`);
}

function unknown(): SluiceError {
  return new SluiceError(
    'sbom/unknown',
    'it is no bill of materials that is known',
    'these are: CycloneDX (JSON, XML), SPDX (JSON, tag-value) and the JSON of Syft',
  );
}
