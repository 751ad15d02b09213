import type { EvidenceSource } from '../../model/evidence.ts';
import { compareDecision, type Decision } from '../../model/verdict.ts';
import type { Explanation, PackageStory } from './contract.ts';

type Told = Omit<Explanation, 'outcome' | 'says'>;

/** What it all comes to, in one word and in one sentence. `hasData`: whether there was anything to look into. */
export function conclusion(told: Told, hasData: boolean): Pick<Explanation, 'outcome' | 'says'> {
  const { packages, asked, flaw } = told;
  const id = flaw?.id ?? asked;
  if (!hasData) return { outcome: 'no-data', says: `there is no vulnerability data, so nothing can be said of ${id}` };
  const of = (outcome: PackageStory['outcome']): number => packages.filter((one) => one.outcome === outcome).length;
  if (of('affected') > 0) return { outcome: 'affected', says: affectedWords(packages, id) };
  if (of('undecided') > 0) {
    const says = `whether ${id} is in ${count(of('undecided'))} can't be told`;
    return { outcome: 'undecided', says };
  }
  if (of('answered') > 0) {
    const says = `${id} was found in ${count(of('answered'))}, and what speaks against it is believed: it does not count`;
    return { outcome: 'answered', says };
  }
  if (of('not-judged') > 0) {
    const says = `${id} is only in what the gate does not judge: ${count(of('not-judged'))}`;
    return { outcome: 'not-judged', says };
  }
  const records = packages.flatMap((one) => one.records);
  if (records.length > 0 && records.every(({ withdrawn }) => withdrawn !== undefined)) {
    return { outcome: 'not-affected', says: `${id} was withdrawn: no record of it holds any more${hidden(told)}` };
  }
  if (packages.length > 0) {
    const says = `${id} is in no package here: what is said of it was held against ${count(packages.length)}${hidden(told)}`;
    return { outcome: 'not-affected', says };
  }
  return { outcome: 'no-record', says: `${unknownWords(told)}${hidden(told)}` };
}

function affectedWords(packages: readonly PackageStory[], id: string): string {
  const affected = packages.filter(({ outcome }) => outcome === 'affected');
  const gates = affected.flatMap(({ findings }) => findings.map(({ gate }) => gate));
  const said = gates.filter(({ counts }) => counts).map(({ decision }) => decision);
  const [worst = 'pass'] = said.sort(compareDecision);
  return `${id} is in ${count(affected.length)}, and the gate ${verdictWords[worst]}`;
}

const verdictWords: Readonly<Record<Decision, string>> = {
  stop: 'stops at it',
  undecided: 'is undecided because of it',
  warn: 'warns of it',
  pass: 'lets it pass',
};

/** Nothing found proves nothing where not all could be seen. */
function hidden({ blinding, sources }: Told): string {
  const names = (origin: EvidenceSource['origin']): string =>
    sources
      .filter((source) => source.origin === origin)
      .map(({ ecosystem }) => ecosystem)
      .join(', ');
  const [missing, starter] = [names('none'), names('starter')];
  return [
    missing === '' ? '' : `; there is no data for ${missing}`,
    starter === '' ? '' : `; for ${starter} there is only the built-in starter set`,
    blinding.length === 0 ? '' : '; what could not be read or decided may hide it',
  ].join('');
}

/** That the id is nowhere can't be said: only the records of this target's packages were looked at. */
function unknownWords({ asked, snapshot }: Told): string {
  const data = snapshot ? `the data (snapshot ${snapshot})` : 'the data';
  return `${data} has no record of ${asked} for any package here`;
}

function count(packages: number): string {
  return packages === 1 ? '1 package' : `${packages} packages`;
}
