import type { Evidence } from '../../model/evidence.ts';
import type { Place, PlacedFinding, PlacedKind } from '../../model/placed-finding.ts';
import { compareSeverity } from '../../model/severity.ts';
import { placeText } from '../text-place.ts';
import { nowhere, relativeUri } from './places.ts';
import { levelOf, securitySeverity } from './severity.ts';
import { ended, markdownText, messageText } from './text.ts';

/** Most places of one result beside its first that are told. */
const placesKept = 100;

/** Names of the rules (SARIF 2.1.0 §3.49.7), by kind. */
const ruleNames: Readonly<Record<PlacedKind, string>> = {
  secret: 'ExposedSecret',
  misconfiguration: 'Misconfiguration',
  external: 'ExternalFinding',
};

/** Rules and results for what was found in places. */
export interface PlacedResults {
  readonly rules: readonly object[];
  /** Each is made when the number of its run's first such rule is known. */
  readonly results: readonly ((firstIndex: number) => object)[];
}

/** Rules and results (SARIF 2.1.0 §3.27) for secrets, bad settings and what other tools say; at most so many results. */
export function placedResults(evidence: Evidence, room: number): PlacedResults {
  // The worst are those that are told when there are too many.
  const worstFirst = [...(evidence.placed ?? [])].sort((a, b) => compareSeverity(a.severity, b.severity));
  const findings = worstFirst.slice(0, room);
  const byRule = new Map<string, PlacedFinding[]>();
  for (const finding of findings) {
    const rule = byRule.get(ruleId(finding));
    if (rule) rule.push(finding);
    else byRule.set(ruleId(finding), [finding]);
  }
  const indexOf = new Map([...byRule.keys()].map((id, index) => [id, index]));
  const seen = new Map<string, number>();
  return {
    rules: [...byRule.values()].map(ruleOf),
    results: findings.map((finding) => {
      const { fingerprint } = finding;
      const occurrence = (seen.get(fingerprint) ?? 0) + 1;
      seen.set(fingerprint, occurrence);
      const index = indexOf.get(ruleId(finding)) ?? 0;
      return (firstIndex) => resultOf(finding, firstIndex + index, `${fingerprint}:${occurrence}`, evidence);
    }),
  };
}

/** Another tool's rule may have the id of one of ours, or of a third one's. */
function ruleId({ id, tool }: PlacedFinding): string {
  return tool === undefined ? id : `${tool.replaceAll(' ', '-')}/${id}`;
}

function ruleOf(findings: readonly PlacedFinding[]): object {
  const worst = findings.reduce((a, b) => (compareSeverity(b.severity, a.severity) < 0 ? b : a));
  const { kind, severity, title, why, fix, links, controls, aliases } = worst;
  const sentences = [
    why,
    fix === '' ? '' : `Fix: ${fix}`,
    controls.length === 0 ? '' : `Controls: ${controls.join(', ')}`,
  ];
  const help = sentences.filter((one) => one !== '');
  const [link] = links.filter((one) => one.startsWith('https://'));
  return {
    id: ruleId(worst),
    name: ruleNames[kind],
    shortDescription: { text: messageText(title) },
    fullDescription: { text: messageText(why === '' ? title : why) },
    defaultConfiguration: { level: levelOf(severity) },
    ...(link === undefined ? {} : { helpUri: link }),
    help: {
      text: (help.length === 0 ? [title] : help).map(messageText).join('\n'),
      markdown: [`**${markdownText(title)}**`, ...help.map(markdownText)].join('\n\n'),
    },
    properties: {
      tags: ['security', kind, severity, ...controls.map(messageText)].slice(0, 20),
      precision: 'high',
      'security-severity': securitySeverity({ severity }),
      ...(aliases.length === 0 ? {} : { aliases }),
    },
  };
}

function resultOf(finding: PlacedFinding, ruleIndex: number, fingerprint: string, evidence: Evidence): object {
  const { message, fix, severity, place, also = [], answered, secret, kind, tool, package: purl } = finding;
  const shown = secret ? ` (${[secret.value ?? secret.shown, ...secret.notes].join(', ')})` : '';
  const sentences = [`${message}${shown}`, ...(fix === '' ? [] : [`Fix: ${fix}`])];
  const diffId = place.layer === undefined ? undefined : evidence.target.layers[place.layer]?.diffId;
  return {
    ruleId: ruleId(finding),
    ruleIndex,
    level: answered ? 'note' : levelOf(severity),
    message: { text: sentences.map((one) => ended(messageText(one))).join(' ') },
    locations: [locationOf(place, evidence)],
    ...(also.length === 0
      ? {}
      : { relatedLocations: also.slice(0, placesKept).map((one, id) => ({ id, ...locationOf(one, evidence) })) }),
    partialFingerprints: { primaryLocationLineHash: fingerprint },
    ...(answered
      ? { suppressions: [{ kind: 'external', status: 'accepted', justification: messageText(answered.because) }] }
      : {}),
    properties: {
      kind,
      severity,
      ...(place.layer === undefined ? {} : { layer: place.layer }),
      ...(place.from === undefined ? {} : { from: place.from }),
      ...(place.removedIn === undefined ? {} : { removedIn: place.removedIn }),
      ...(diffId === undefined ? {} : { layerDiffId: diffId }),
      ...(purl === undefined ? {} : { purl }),
      ...(tool === undefined ? {} : { tool: messageText(tool) }),
      ...(secret ? { score: secret.score } : {}),
      ...(answered ? { answeredBy: answered.by } : {}),
    },
  };
}

/** In a file where it is in one; else at the line of the Dockerfile that made it, and the words say where. */
function locationOf(place: Place, { target }: Evidence): object {
  const { line, column = 1, endLine = line, endColumn = column, cause } = place;
  const path = place.path ?? cause?.path;
  const startLine = place.path === undefined ? cause?.line : line;
  const text = placeText(place, target);
  const exact = startLine !== undefined && startLine === line;
  return {
    physicalLocation: {
      artifactLocation: { uri: path === undefined ? nowhere : relativeUri(path), uriBaseId: 'ROOTPATH' },
      region: exact
        ? { startLine, startColumn: column, endLine, endColumn }
        : { startLine: startLine ?? 1, startColumn: 1, endLine: startLine ?? 1, endColumn: 1 },
    },
    message: { text: messageText(text) },
  };
}
