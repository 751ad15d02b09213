import type { Evidence } from '../../model/evidence.ts';
import type { Verdict } from '../../model/verdict.ts';
import { lookedText } from '../text-looked.ts';
import { partlyReadText } from '../text-partly-read.ts';
import { waiverText } from '../text-waiver.ts';
import { relativeUri } from './places.ts';
import { messageText } from './text.ts';

/** A remark on the run (SARIF 2.1.0 §3.58, notification). An `error` means that the results may not be all there are. */
export interface Notification {
  readonly descriptor: { readonly id: string };
  readonly level: 'error' | 'warning' | 'note';
  readonly message: { readonly text: string };
  readonly locations?: readonly object[];
}

/** What could not be read or decided, what was left unread or not looked for, and what the data lacks. */
export function notificationsFor(evidence: Evidence, verdict: Verdict): Notification[] {
  const { problems, target } = evidence;
  const { reasons, policy } = verdict;
  const notifications = problems.map(({ code, message, path, layer, blinding }): Notification => {
    const where = layer === undefined ? '' : ` (layer ${layer})`;
    return {
      descriptor: { id: code },
      level: blinding ? 'error' : 'warning',
      message: { text: messageText(message) + where },
      ...(path === undefined ? {} : { locations: [placeOf(path)] }),
    };
  });
  const unread = partlyReadText(target);
  if (unread !== undefined) {
    notifications.push({ descriptor: { id: 'layer/partly-read' }, level: 'note', message: { text: unread } });
  }
  const unsearched = lookedText(evidence);
  if (unsearched !== undefined) {
    notifications.push({ descriptor: { id: 'scan/not-looked-for' }, level: 'note', message: { text: unsearched } });
  }
  const codes = new Set<string>(problems.map((problem) => problem.code));
  for (const { rule, decision, message, action } of reasons) {
    // What a rule of the policy could not decide leaves a gap as data that is missing does.
    const isGap = /^(?:data|baseline)\//.test(rule) || (policy !== undefined && decision === 'undecided');
    if (!isGap || codes.has(rule)) continue;
    const text = messageText(action === undefined ? message : `${message}; ${action}`);
    notifications.push({
      descriptor: { id: rule },
      level: decision === 'undecided' ? 'error' : 'warning',
      message: { text },
    });
  }
  return [...notifications, ...waiverNotes(verdict)];
}

/** Waivers that somebody has to look after: those whose time is over, or will soon be. */
function waiverNotes({ waivers = [] }: Verdict): Notification[] {
  return waivers.flatMap((use): Notification[] => {
    const over = use.state === 'expired' || use.state === 'ended';
    if (!over && !(use.state === 'matched' && use.soon)) return [];
    return [
      {
        descriptor: { id: over ? 'waiver/over' : 'waiver/ends-soon' },
        level: over ? 'warning' : 'note',
        message: { text: messageText(waiverText(use)) },
      },
    ];
  });
}

/** The ids that notifications go by, as descriptors of the tool. */
export function descriptorsFor(notifications: readonly Notification[]): object[] {
  return [...new Set(notifications.map((notification) => notification.descriptor.id))].sort().map((id) => ({ id }));
}

function placeOf(path: string): object {
  return { physicalLocation: { artifactLocation: { uri: relativeUri(path), uriBaseId: 'ROOTPATH' } } };
}
