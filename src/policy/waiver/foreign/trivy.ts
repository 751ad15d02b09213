import { textLines } from '../../../util/text-lines.ts';
import { secretId, settingId } from './checks.ts';
import { type Carried, type Foreign, ForeignEntries } from './contract.ts';
import { lastDayBefore } from './expiry.ts';

/** Ids of flaws as databases write them: a publisher in capitals, a hyphen, and more. */
const flawId =
  /^(?:CVE|GHSA|GO|PYSEC|RUSTSEC|DSA|DLA|DTSA|TEMP|USN|RHSA|RHBA|RHEA|ALSA|ELSA|RLSA|ALAS\d*|SUSE-[A-Z]+|openSUSE-[A-Z]+|OSV|GSD|NSWG-ECO|MAL|HSEC|EEF|BIT|PSF|ASB-A|ALPINE|DEBIAN|UBUNTU|V8)-\S+$/i;

/** Whether an id is one of a flaw in a package, which is what sluice finds under such ids. */
export function isFlawId(id: string): boolean {
  return flawId.test(id) && !id.includes('*');
}

/** Reads `.trivyignore`: the id of a flaw, a check or a rule for secrets a line, `#` comments, `exp:YYYY-MM-DD` behind the id. A comment right above is the reason. */
export function readTrivyIgnore(text: string, file: string): Foreign {
  const entries = new ForeignEntries(file);
  let comment: string[] = [];
  let line = 0;
  for (const raw of textLines(text)) {
    line++;
    const trimmed = raw.trim();
    if (trimmed.startsWith('#')) {
      comment.push(trimmed.replace(/^#+\s*/, ''));
      continue;
    }
    if (trimmed !== '') entries.put(line, lineOf(trimmed, comment.join(' ').trim()));
    // One comment may stand above several ids; an empty line ends that.
    else comment = [];
  }
  return entries;
}

/** The name by which findings of sluice's go: that of a flaw, a setting, or a kind of secret. */
function nameOf(id: string): string | undefined {
  return isFlawId(id) ? id : (settingId(id) ?? secretId(id));
}

function lineOf(line: string, above: string): Carried | string {
  const [id = '', ...fields] = line.split(/\s+/);
  const name = nameOf(id);
  if (name === undefined)
    return `${id} is nothing that sluice finds: where a rule of the policy says the same, waive that one`;
  // Trivy looks for it behind a # as well.
  const end = fields.find((field) => field.startsWith('exp:'))?.slice('exp:'.length);
  const expires = end === undefined ? undefined : lastDayBefore(end);
  if (end !== undefined && expires === undefined) return `exp:${end} is no day, so that Trivy does not go by the line`;
  const hash = fields.findIndex((field) => field.startsWith('#'));
  const beside = hash < 0 ? '' : fields.slice(hash).join(' ').replace(/^#+ ?/, '');
  const reason = beside || above;
  return {
    ids: [name],
    ...(reason === '' ? {} : { reason }),
    ...(expires === undefined ? {} : { expires }),
  };
}
