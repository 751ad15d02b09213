import type { Evidence } from '../model/evidence.ts';
import type { Reason, Verdict } from '../model/verdict.ts';
import type { Report, ReportContext } from './contract.ts';
import { descriptorsFor, type Notification, notificationsFor } from './sarif/notifications.ts';
import { placedResults } from './sarif/placed.ts';
import { policyNotes, policyResults } from './sarif/policy.ts';
import { resultsFor } from './sarif/results.ts';
import { rulesFor } from './sarif/rules.ts';
import { jsonText } from './text-json.ts';

/** Most results of a run that code scanning accepts; a run with more is refused as a whole. */
const resultsAccepted = 25_000;

/** Most of them that are of places: they must not push the findings in packages out. */
const placesAccepted = 10_000;

/** Most results of a run that code scanning shows: the worst. */
const resultsShown = 5_000;

/** SARIF 2.1.0 (OASIS), as code scanning reads it. No clock and no path of this machine is in it. */
export const report: Report = {
  id: 'sarif',
  doc: 'SARIF 2.1.0, for code scanning',
  render: (evidence, verdict, context) => jsonText(sarifLog(evidence, verdict, context)),
};

function sarifLog(evidence: Evidence, verdict: Verdict, { version }: ReportContext): object {
  const byPolicy = policyResults(evidence, verdict);
  const inPlaces = placedResults(evidence, placesAccepted);
  const room = resultsAccepted - byPolicy.results.length - inPlaces.results.length;
  const findings = evidence.findings.slice(0, room);
  const { rules, indexOf } = rulesFor(findings);
  const notifications = [...notificationsFor(evidence, verdict), ...sizeNotes(evidence)];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'sluice',
            version,
            semanticVersion: version,
            rules: [...rules, ...inPlaces.rules, ...byPolicy.rules],
            notifications: descriptorsFor(notifications),
          },
        },
        invocations: [
          {
            executionSuccessful: notifications.every((notification) => notification.level !== 'error'),
            toolExecutionNotifications: notifications,
          },
        ],
        originalUriBaseIds: { ROOTPATH: { uri: 'file:///', description: { text: 'The root of the image' } } },
        columnKind: 'utf16CodeUnits',
        results: [
          ...resultsFor(findings, indexOf, evidence, policyNotes(verdict)),
          ...inPlaces.results.map((result) => result(rules.length)),
          ...byPolicy.results.map((result) => result(rules.length + inPlaces.rules.length)),
        ],
        properties: runProperties(evidence, verdict),
      },
    ],
  };
}

/** What a viewer will not show, or was left out, is said: results are worst first, so the worst are there. */
function sizeNotes({ findings, placed = [] }: Evidence): Notification[] {
  const length = findings.length + placed.length;
  if (length > resultsAccepted) {
    const text = `Of ${length} findings the worst ${resultsAccepted} are in this report, the most that code scanning accepts; -o json has all.`;
    return [{ descriptor: { id: 'report/cut' }, level: 'warning', message: { text } }];
  }
  if (placed.length > placesAccepted) {
    const text = `Of ${placed.length} findings in places the first ${placesAccepted} are in this report; -o json has all.`;
    return [{ descriptor: { id: 'report/cut' }, level: 'warning', message: { text } }];
  }
  if (length <= resultsShown) return [];
  const text = `Of ${length} findings code scanning shows the worst ${resultsShown}; all are in this report.`;
  return [{ descriptor: { id: 'report/size' }, level: 'note', message: { text } }];
}

function runProperties({ target, sources, vex }: Evidence, verdict: Verdict): object {
  const { decision, reasons, policy, waivers, baseline } = verdict;
  const { kind, digest, id, platform, distribution, layers } = target;
  return {
    targetKind: kind,
    ...(digest === undefined ? {} : { imageDigest: digest }),
    ...(id === undefined ? {} : { imageID: id }),
    ...(platform === undefined ? {} : { platform }),
    ...(distribution === undefined ? {} : { distribution: `${distribution.id} ${distribution.version}`.trim() }),
    layers: layers.map((layer) => layer.diffId),
    sources: sources.map(({ ecosystem, origin, newest, checkedAt, digest: data, failed }) => ({
      ecosystem,
      origin,
      newest,
      checkedAt,
      ...(data ? { digest: data } : {}),
      ...(failed ? { failed } : {}),
    })),
    ...(vex
      ? {
          vex: vex.map(({ document, digest: bytes, applied, believed }) => ({
            document,
            digest: bytes,
            applied,
            believed,
          })),
        }
      : {}),
    decision,
    reasons: reasons.map((reason) => reasonOf(reason, policy !== undefined)),
    ...(policy ? { policy } : {}),
    ...(baseline ? { baseline } : {}),
    ...(waivers ? { waivers } : {}),
  };
}

/** What it fired on stands with the results. */
function reasonOf({ rule, decision, message, why, action, look, controls, place }: Reason, taught: boolean): object {
  return taught ? { rule, decision, message, why, action, look, controls, place } : { rule, message };
}
