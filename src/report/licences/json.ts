import type { Evidence } from '../../model/evidence.ts';
import { licenceClasses } from '../../model/placed-finding.ts';
import { jsonProblem } from '../kept/write-evidence.ts';
import { jsonText } from '../text-json.ts';
import { jsonTarget } from '../text-target.ts';
import { licencesOf } from './listed.ts';

/** The licences of a target as JSON, `sluice-licences/v1`: its schema is `schema/sluice-licences-v1.json`. */
export function licencesJson(evidence: Evidence): string {
  const listed = licencesOf(evidence);
  const count = (name: string): number => listed.filter((one) => one.class === name).length;
  return jsonText({
    schema: 'sluice-licences/v1',
    target: jsonTarget(evidence.target),
    classes: Object.fromEntries(licenceClasses.map((name) => [name, count(name)])),
    licences: listed,
    problems: evidence.problems.map(jsonProblem),
  });
}
