import type { Severity } from '../../model/severity.ts';

/** How bad it is, in the words of GitLab's security reports (schemas 15, `severity`). */
export const securityWords: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  negligible: 'Info',
  unknown: 'Unknown',
};

/** How bad it is, in the words of Code Climate. Of what nobody has rated it must not be said that it is for information only. */
export const qualityWords: Readonly<Record<Severity, string>> = {
  critical: 'blocker',
  high: 'critical',
  medium: 'major',
  low: 'minor',
  negligible: 'info',
  unknown: 'minor',
};
