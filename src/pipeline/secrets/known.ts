import { strongFingerprint } from '../../detect/secrets/judge/fingerprint.ts';
import type { Answer } from '../../model/finding.ts';
import type { PlacedFinding } from '../../model/placed-finding.ts';
import { messageOf, SluiceError } from '../../util/error.ts';
import { textLines } from '../../util/text-lines.ts';

/** Tells why a finding does not count; undefined: it does. */
export type Known = (finding: PlacedFinding) => Answer | undefined;

/** Most entries of a list of known secrets. */
const mostEntries = 200_000;

/** Reads `.gitleaksignore`: `[commit:]file:rule:line` a line. Rules go by their id with or without `secret/`. */
export function readIgnored(text: string, file: string): Known {
  const ignored = new Set<string>();
  for (const raw of textLines(text)) {
    const line = raw.trim();
    if (line !== '' && !line.startsWith('#') && ignored.size < mostEntries) ignored.add(line);
  }
  const answer: Answer = { by: 'waiver', because: `it is listed in ${file}` };
  return ({ id, place }) => {
    const rules = [id, id.replace(/^secret\//, '')];
    const commits = place.commit === undefined ? [''] : [`${place.commit}:`, ''];
    const names = commits.flatMap((commit) =>
      rules.map((rule) => `${commit}${place.path ?? ''}:${rule}:${place.line ?? 0}`),
    );
    return names.some((name) => ignored.has(name)) ? answer : undefined;
  };
}

/**
 * Reads an earlier report: sluice's JSON, whose secrets are known by their fingerprints, or gitleaks' JSON, whose secrets
 * are known by their values, and by their places where the values are hidden.
 * @throws SluiceError `secrets/baseline`
 */
export function readBaseline(text: string, file: string): Known {
  const value = parsed(text, file);
  const answer: Answer = { by: 'waiver', because: `it is in the baseline ${file}` };
  if (Array.isArray(value)) return ofGitleaks(value.slice(0, mostEntries), answer);
  const findings =
    isRecord(value) && value.schema === 'sluice/v1' && Array.isArray(value.findings) ? value.findings : undefined;
  if (findings === undefined)
    throw new SluiceError('secrets/baseline', `${file} is neither a JSON report of sluice nor one of gitleaks`);
  const known = new Set<string>();
  for (const one of findings) {
    if (isRecord(one) && one.kind === 'secret') known.add(`${String(one.id)} ${String(one.fingerprint)}`);
  }
  return ({ id, fingerprint }) => (known.has(`${id} ${fingerprint}`) ? answer : undefined);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (thrown) {
    throw new SluiceError(
      'secrets/baseline',
      `${file} is no JSON: ${messageOf(thrown).split('\n', 1)[0]?.slice(0, 200)}`,
    );
  }
}

function ofGitleaks(entries: readonly unknown[], answer: Answer): Known {
  const values = new Set<string>();
  const places = new Set<string>();
  for (const entry of entries) {
    if (!isRecord(entry)) continue;
    const { Secret, File, StartLine, Commit } = entry;
    if (typeof Secret === 'string' && Secret !== '' && Secret !== 'REDACTED') values.add(Secret);
    if (typeof File === 'string' && typeof StartLine === 'number')
      places.add(`${typeof Commit === 'string' ? Commit : ''} ${File} ${StartLine}`);
  }
  // The other tool's rules have other names: a value is looked for as each of our rules would have told it.
  const byRule = new Map<string, Set<string>>();
  return ({ id, fingerprint, place }) => {
    let prints = byRule.get(id);
    if (prints === undefined) {
      prints = new Set([...values].map((value) => strongFingerprint(id, value)));
      byRule.set(id, prints);
    }
    const isThere = places.has(`${place.commit ?? ''} ${place.path ?? ''} ${place.line ?? 0}`);
    return prints.has(fingerprint) || isThere ? answer : undefined;
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
