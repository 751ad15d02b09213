import { textLines } from '../../util/text-lines.ts';
import { packageLimit, tooManyPackages } from './limits.ts';

type Fields = Record<string, unknown>;

/** Tags of one line and the field of SPDX's JSON that each is. */
const packageFields = new Map([
  ['SPDXID', 'SPDXID'],
  ['PackageVersion', 'versionInfo'],
  ['PackageSupplier', 'supplier'],
  ['PackageOriginator', 'originator'],
  ['PrimaryPackagePurpose', 'primaryPackagePurpose'],
  ['PackageSourceInfo', 'sourceInfo'],
  ['PackageLicenseConcluded', 'licenseConcluded'],
  ['PackageLicenseDeclared', 'licenseDeclared'],
  ['PackageDescription', 'description'],
  ['PackageSummary', 'summary'],
]);

const openText = '<text>';
const closeText = '</text>';

/** An SPDX 2 document in tag-value in the shape of its JSON, as far as it is read. @throws SluiceError `sbom/too-many-packages` */
export function spdx2OfTagValue(text: string): Fields {
  const reader = new TagValueReader();
  for (const { tag, value } of tagsOf(text)) reader.take(tag, value);
  return reader.document;
}

/** The tags with their values, a `<text>` of several lines as one. */
function* tagsOf(text: string): Generator<{ tag: string; value: string }> {
  let open: { tag: string; lines: string[] } | undefined;
  for (const line of textLines(text)) {
    if (open) {
      const end = line.indexOf(closeText);
      open.lines.push(end < 0 ? line : line.slice(0, end));
      if (end < 0) continue;
      yield { tag: open.tag, value: open.lines.join('\n') };
      open = undefined;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0 || line.startsWith('#')) continue;
    const tag = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    if (!value.startsWith(openText)) yield { tag, value };
    else if (value.includes(closeText)) yield { tag, value: value.slice(openText.length, value.indexOf(closeText)) };
    else open = { tag, lines: [value.slice(openText.length)] };
  }
}

/** Puts each tag where it belongs: a `PackageName` begins a package, a `FileName` or `SnippetSPDXID` ends it. */
class TagValueReader {
  readonly document: Fields & { packages: Fields[]; relationships: Fields[]; annotations: Fields[] };
  readonly #licenses: Fields[] = [];
  readonly #byId = new Map<string, Fields>();
  #package: Fields | undefined;
  #annotation: Fields | undefined;
  #inFile = false;

  constructor() {
    this.document = Object.assign(Object.create(null) as Fields, {
      packages: [] as Fields[],
      relationships: [] as Fields[],
      annotations: [] as Fields[],
      hasExtractedLicensingInfos: this.#licenses,
    });
  }

  take(tag: string, value: string): void {
    if (tag === 'PackageName') this.#begin(value);
    else if (tag === 'FileName' || tag === 'SnippetSPDXID') this.#leave();
    else if (tag === 'SPDXVersion') this.document.spdxVersion ??= value;
    else if (tag === 'Relationship') this.#relate(value);
    else if (tag === 'LicenseID') this.#licenses.push({ licenseId: value });
    else if (tag === 'ExtractedText') this.#license('extractedText', value);
    else if (tag === 'LicenseName') this.#license('name', value);
    else if (tag === 'Annotator') this.#annotation = { annotator: value };
    else if (tag === 'SPDXREF') this.#annotate(value);
    else if (tag === 'AnnotationComment' && this.#annotation) this.#annotation.comment = value;
    else if (this.#package && !this.#inFile) this.#field(this.#package, tag, value);
  }

  #begin(name: string): void {
    if (this.document.packages.length >= packageLimit) throw tooManyPackages();
    this.#inFile = false;
    this.#package = Object.assign(Object.create(null) as Fields, {
      name,
      externalRefs: [],
      checksums: [],
      annotations: [],
    });
    this.document.packages.push(this.#package);
  }

  #leave(): void {
    this.#inFile = true;
  }

  #field(found: Fields, tag: string, value: string): void {
    const field = packageFields.get(tag);
    if (field !== undefined) {
      found[field] ??= value;
      if (tag === 'SPDXID') this.#byId.set(value, found);
    } else if (tag === 'ExternalRef') {
      const [referenceCategory, referenceType, referenceLocator] = value.split(/[ \t]+/, 3);
      (found.externalRefs as Fields[]).push({ referenceCategory, referenceType, referenceLocator });
    } else if (tag === 'PackageChecksum') {
      const [algorithm, checksumValue] = value.split(/:[ \t]*/, 2);
      (found.checksums as Fields[]).push({ algorithm, checksumValue });
    }
  }

  #license(field: string, value: string): void {
    const license = this.#licenses.at(-1);
    if (license) license[field] ??= value;
  }

  /** Only what the document describes is told from the rest by a relationship. */
  #relate(value: string): void {
    const [spdxElementId, relationshipType, relatedSpdxElement] = value.split(/[ \t]+/, 3);
    if (relationshipType === 'DESCRIBES' || relationshipType === 'DESCRIBED_BY') {
      this.document.relationships.push({ spdxElementId, relationshipType, relatedSpdxElement });
    }
  }

  /** Annotations stand behind all packages and say by identifier what they are about; the comment comes after. */
  #annotate(id: string): void {
    if (!this.#annotation) return;
    const found = this.#byId.get(id);
    const annotations = found ? (found.annotations as Fields[]) : this.document.annotations;
    annotations.push(this.#annotation);
  }
}
