import type { Evidence } from '../../model/evidence.ts';
import type { Finding, VexNote } from '../../model/finding.ts';
import { harmless } from '../../util/harmless.ts';
import { count, listed } from '../text-fix.ts';
import { contradictions, decidingNote, isSilencing, noteText, statusText } from '../text-statement.ts';
import { clip, displayWidth, wrap } from '../text-width.ts';
import { hanging } from './hanging.ts';
import { idText } from './ids.ts';
import type { Paint } from './style.ts';

/** Most answers that are told one by one; the JSON report has all. */
const answersShown = 100;

/** Most packages that are named in one line. */
const packagesNamed = 4;

/** Most statements of the contrary that are told of one answer. */
const contraryShown = 5;

/** Most columns that one statement's own words take in all. */
const longestStatement = 600;

/** Findings that one statement is about. */
interface Said {
  readonly id: string;
  readonly packages: string[];
  readonly finding: Finding;
}

/** What does not count although it was found, who says so, and why: an auditor must see what is suppressed. */
export function answeredLines({ findings }: Evidence, width: number, paint: Paint): string[] {
  const by = (who: 'owner' | 'distribution'): Finding[] => findings.filter(({ answered }) => answered?.by === who);
  const blocks = [
    countedLines('Same', by('owner'), ownerText, width, paint),
    countedLines('Said', by('distribution'), distributionText, width, paint),
    ...vexBlocks(findings, width, paint),
    unbelievedLines(findings, width, paint),
  ];
  return blocks.flatMap((lines) => (lines.length === 0 ? [] : [...lines, '']));
}

function countedLines(
  word: string,
  findings: readonly Finding[],
  textOf: (packages: number) => string,
  width: number,
  paint: Paint,
): string[] {
  if (findings.length === 0) return [];
  const packages = new Set(findings.map((finding) => finding.package)).size;
  const what = findings.length === 1 ? '1 finding does not count' : `${count(findings.length, 'finding')} do not count`;
  const text = `${what}: ${textOf(packages)}; -o json shows each`;
  return hanging(paint('aside', `${word}  `), 6, text, width);
}

function ownerText(packages: number): string {
  const whose = packages === 1 ? 'its package belong' : `their ${count(packages, 'package')} belong`;
  return `the files of ${whose} to the distribution's, whose own advisories speak of them`;
}

function distributionText(packages: number): string {
  return `the distribution says that its ${packages === 1 ? 'package' : count(packages, 'package')} never had the flaw`;
}

/** Findings that a VEX statement answers, one by one, and those on which statements contradict each other. */
function vexBlocks(findings: readonly Finding[], width: number, paint: Paint): string[][] {
  const answered = findings.filter((finding) => finding.answered?.by === 'vex');
  const disputed = findings.filter((finding) => !finding.answered && contradictions(finding).length > 0);
  const blocks: string[][] = [];
  if (answered.length > 0) {
    const what =
      answered.length === 1 ? '1 finding does not count' : `${count(answered.length, 'finding')} do not count`;
    blocks.push([`Answered by VEX: ${what}`, ...saidLines(answered, width, paint)]);
  }
  if (disputed.length > 0) {
    const what = disputed.length === 1 ? '1 finding that counts' : `${count(disputed.length, 'finding')} that count`;
    blocks.push([`Contradicting VEX statements: ${what}`, ...saidLines(disputed, width, paint)]);
  }
  return blocks;
}

function saidLines(findings: readonly Finding[], width: number, paint: Paint): string[] {
  const said = [...together(findings).values()];
  const lines = said.slice(0, answersShown).flatMap((one) => saidText(one, width, paint));
  const more = said.length - answersShown;
  return more > 0 ? [...lines, paint('aside', `  and ${more} more: -o json shows all`)] : lines;
}

/** Binary packages of one source have their findings answered by the same words: those are told once. */
function together(findings: readonly Finding[]): Map<string, Said> {
  const said = new Map<string, Said>();
  for (const finding of findings) {
    const { id, name, version, answered, statements } = finding;
    const key = JSON.stringify([id, answered?.because, statements]);
    const text = `${name} ${version}`;
    const found = said.get(key);
    if (!found) said.set(key, { id, packages: [text], finding });
    else if (!found.packages.includes(text)) found.packages.push(text);
  }
  return said;
}

function saidText({ id, packages, finding }: Said, width: number, paint: Paint): string[] {
  const more = packages.length - packagesNamed;
  const named = packages.slice(0, packagesNamed);
  const where = more > 0 ? `${named.join(', ')} and ${more} more` : listed(named, 'and');
  const deciding = decidingNote(finding);
  const why = deciding ? noteText(deciding) : (finding.answered?.because ?? '');
  const contrary = contradictions(finding);
  const others = contrary.length - contraryShown;
  const columns = Math.max(20, width - 4);
  const indented = (text: string): string[] =>
    wrap(clip(harmless(text), longestStatement), columns).map((line) => `    ${line}`);
  const name = idText(id, Math.ceil(columns / 2));
  return [
    `  ${paint('name', name)}  ${clip(harmless(where), columns - displayWidth(name))}`,
    ...indented(why),
    ...contrary
      .slice(0, contraryShown)
      .flatMap((note) => indented(`but ${noteText(note)}${lesserText(note, deciding)}`))
      .map((line) => paint('warn', line)),
    ...(others > 0 ? [paint('aside', `    and ${others} more that say the contrary: -o json shows all`)] : []),
  ];
}

/** Why a statement that says the contrary does not decide. */
function lesserText(note: VexNote, deciding: VexNote | undefined): string {
  if (!note.believed) return ' (not believed)';
  return deciding !== undefined && note.timestamp < deciding.timestamp ? ' (older)' : '';
}

/** What the image says for itself and nobody has said is to be believed. */
function unbelievedLines(findings: readonly Finding[], width: number, paint: Paint): string[] {
  const byStatus = new Map<VexNote['status'], number>();
  for (const finding of findings) {
    if (finding.answered || decidingNote(finding)) continue;
    const note = finding.statements?.[0];
    if (note && isSilencing(note)) byStatus.set(note.status, (byStatus.get(note.status) ?? 0) + 1);
  }
  if (byStatus.size === 0) return [];
  const parts = [...byStatus].map(([status, n]) => `${statusText(status)} of ${count(n, 'finding')}`);
  const text = `the image itself says ${listed(parts, 'and')}; not believed: --vex attached would`;
  return hanging(paint('aside', 'VEX   '), 6, text, width);
}
