import type { EvidenceTarget } from '../../model/evidence.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import { ended } from '../sarif/text.ts';
import { placeText } from '../text-place.ts';
import { codeSpan, flavoredText, plainText } from './text.ts';

/** Most other places of a finding that are told. */
const placesTold = 20;

/** Longest reason and link that are told, in characters. */
const longest = 2000;

/** In Markdown: what was found, why it matters and where. The secret itself is not in it, whatever the user asked for. */
export function placedDescription(
  { message, why, place, also = [], secret, controls, tool }: PlacedFinding,
  target: EvidenceTarget,
): string {
  // The detectors' own words hold it already.
  const isTold = secret === undefined || message.includes(secret.shown);
  const shown = isTold ? '' : ` (${[codeSpan(secret.shown), ...secret.notes.map(flavoredText)].join(', ')})`;
  const lines = [ended(`${flavoredText(message)}${shown}`)];
  if (why !== '') lines.push(flavoredText(why));
  lines.push(`In ${codeSpan(placeText(place, target))}.`);
  if (also.length > 0) {
    const more = also.length > placesTold ? ` and ${also.length - placesTold} more places` : '';
    const places = also.slice(0, placesTold).map((one) => codeSpan(placeText(one, target)));
    lines.push(`Also in ${places.join(', ')}${more}.`);
  }
  if (controls.length > 0) lines.push(`Controls: ${controls.slice(0, placesTold).map(flavoredText).join(', ')}.`);
  if (tool !== undefined) lines.push(`Found by ${codeSpan(tool)}.`);
  return lines.join('\n\n');
}

/** Pages on the finding; only such as browsers follow safely. */
export function placedLinks({ links }: PlacedFinding): object {
  const safe = links.filter((one) => /^https:\/\/./.test(one) && !/[\s<>"]/.test(one) && one.length <= longest);
  return safe.length === 0 ? {} : { links: safe.slice(0, placesTold).map((url) => ({ url: url.toWellFormed() })) };
}

/** Why the gate does not go by it. */
export function placedFlags({ answered }: PlacedFinding): object {
  if (!answered) return {};
  const description = plainText(answered.because, longest) || answered.by;
  return { flags: [{ type: 'flagged-as-likely-false-positive', origin: 'sluice', description }] };
}
