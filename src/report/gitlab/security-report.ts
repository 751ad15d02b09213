import type { ReportContext } from '../contract.ts';
import { beginning, createdAt } from '../sbom/created.ts';
import { isFailure, type Message } from './messages.ts';

/** The version of GitLab's schemas that reports are written by: every GitLab that takes schemas 15 knows it. */
const schemaVersion = '15.0.7';

/** The kinds of security report that sluice writes (schemas 15, `scan.type`). */
export type ScanType = 'container_scanning' | 'dependency_scanning' | 'secret_detection';

/**
 * A security report of GitLab (schemas 15.0.7; the same text is valid by 15.2.4). With a message that is fatal it is one of
 * a failed scan: GitLab must not take what is missing in it for mended.
 */
export function securityReport(
  type: ScanType,
  vulnerabilities: readonly object[],
  messages: readonly Message[],
  { version, sourceDateEpoch }: Pick<ReportContext, 'version' | 'sourceDateEpoch'>,
): Record<string, unknown> {
  const time = (createdAt(sourceDateEpoch) ?? beginning).replace(/Z$/, '');
  const tool = { id: 'sluice', name: 'sluice', vendor: { name: 'sluice' }, version };
  return {
    version: schemaVersion,
    scan: {
      analyzer: tool,
      scanner: tool,
      type,
      start_time: time,
      end_time: time,
      status: isFailure(messages) ? 'failure' : 'success',
      messages: messages.map(({ level, value }) => ({ level, value })),
    },
    vulnerabilities,
  };
}
