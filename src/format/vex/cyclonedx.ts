import type { VexComponent, VexDocument, VexStatus } from '../../model/vex.ts';
import { asArray, asRecord, asString } from '../../util/json.ts';
import { CycloneDxComponents } from './cyclonedx-components.ts';
import { each, idOf, type Json, lacksReason, placeOf, proseOf, recordsOf, VexDraft, withoutReason } from './draft.ts';
import { justificationOfCycloneDx } from './justification.ts';
import { momentOf, newestOf } from './moment.ts';

/** States of an analysis (CycloneDX `impactAnalysisState`). */
const states: ReadonlyMap<string, VexStatus> = new Map([
  ['resolved', 'fixed'],
  ['resolved_with_pedigree', 'fixed'],
  ['exploitable', 'affected'],
  ['in_triage', 'under_investigation'],
  ['not_affected', 'not_affected'],
  ['false_positive', 'not_affected'],
]);

/** Whether an object says that it is CycloneDX. */
export function isCycloneDx(json: Json): boolean {
  return json.bomFormat === 'CycloneDX';
}

/**
 * Reads the analyses of vulnerabilities in a CycloneDX document, which may hold the components as well or refer to them
 * in another by BOM-Link. A vulnerability without an analysis says nothing. `about` is what an attestation around it is
 * about, which counts where the document does not say it. @throws SluiceError `vex/too-many`
 */
export function readCycloneDx(bom: Json, about: readonly VexComponent[] = []): VexDocument {
  const draft = new VexDraft();
  const metadata = asRecord(bom.metadata) ?? {};
  const timestamp = momentOf(metadata.timestamp) ?? '';
  const components = new CycloneDxComponents(bom, about);
  recordsOf(bom.vulnerabilities).forEach((json, index) => {
    const analysis = asRecord(json.analysis);
    if (!analysis) return;
    const vulnerabilities = each([idOf(json.id), ...recordsOf(json.references).map(({ id }) => idOf(id))]);
    const place = placeOf('vulnerability', index, vulnerabilities[0]);
    const skip = (line: string): void => draft.skip(`${place} ${line}`);
    const trouble = readAnalysis(json, analysis, { vulnerabilities, draft, components, timestamp, skip });
    if (trouble !== undefined) skip(trouble);
  });
  return {
    format: 'cyclonedx',
    id: idOf(bom.serialNumber) ?? '',
    author: authorOf(metadata),
    timestamp,
    statements: draft.statements,
    unread: draft.unread(),
  };
}

interface Around {
  readonly vulnerabilities: readonly string[];
  readonly draft: VexDraft;
  readonly components: CycloneDxComponents;
  readonly timestamp: string;
  readonly skip: (line: string) => void;
}

/** Adds what an analysis says; why it can't be, otherwise. */
function readAnalysis(json: Json, analysis: Json, around: Around): string | undefined {
  const { vulnerabilities, draft, components, timestamp, skip } = around;
  const state = asString(analysis.state) ?? '';
  const status = states.get(state);
  if (vulnerabilities.length === 0) return 'has no name';
  if (status === undefined) return `has no state that is known: ${JSON.stringify(state.slice(0, 40))}`;
  const products = components.affectedBy(json.affects, skip);
  if (products.length === 0) return 'affects nothing that is identified';
  const justification = status === 'not_affected' ? justificationOf(analysis, skip) : undefined;
  const reason = proseOf(analysis.detail) ?? (state === 'false_positive' ? 'a false positive' : undefined);
  if (lacksReason(status, justification, reason)) return withoutReason;
  const says = reason ?? sayingOf(json, analysis, status);
  draft.add({
    vulnerabilities,
    status,
    ...(justification === undefined ? {} : { justification }),
    ...(says === undefined ? {} : { says }),
    products,
    timestamp: newestOf(analysis.lastUpdated, analysis.firstIssued) ?? momentOf(json.updated) ?? timestamp,
  });
  return undefined;
}

function justificationOf(analysis: Json, skip: (line: string) => void): string | undefined {
  const word = idOf(analysis.justification);
  const known = word === undefined ? undefined : justificationOfCycloneDx(word);
  if (word !== undefined && known === undefined)
    skip(`has a justification that is not known: ${JSON.stringify(word.slice(0, 60))}`);
  return known;
}

/** What to do: in words, else the vendor's answers as they stand there (`will_not_fix`, `update`). */
function sayingOf(json: Json, analysis: Json, status: VexStatus): string | undefined {
  if (status !== 'affected') return undefined;
  const answers = (asArray(analysis.response) ?? []).filter((item) => typeof item === 'string').slice(0, 10);
  return proseOf(json.recommendation) ?? proseOf(json.workaround) ?? proseOf(answers.join(', ').replaceAll('_', ' '));
}

function authorOf(metadata: Json): string {
  const [author] = recordsOf(metadata.authors);
  const makers = [author, metadata.manufacturer, metadata.manufacture, metadata.supplier].map(asRecord);
  const names = makers.map((maker) => proseOf(maker?.name) ?? proseOf(maker?.email));
  return names.find((name) => name !== undefined)?.slice(0, 500) ?? '';
}
