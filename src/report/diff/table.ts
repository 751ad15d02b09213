import type { UserAccount } from '../../catalog/compare/accounts.ts';
import type { FileChange, FileChanges } from '../../catalog/compare/files.ts';
import type { PackageChange } from '../../match/compare-packages.ts';
import type { Comparison } from '../../match/comparison.ts';
import type { Finding } from '../../model/finding.ts';
import type { SettingChange } from '../../source/compare-config.ts';
import { harmless } from '../../util/harmless.ts';
import { noFixText } from '../text-fix.ts';
import { clip, pad } from '../text-width.ts';
import { changeOf, whyNotable } from './notable.ts';

/** Most lines of one list. */
const most = 25;

/** How a comparison is laid out. */
export interface DiffLayout {
  /** What the user called the two. */
  readonly before: string;
  readonly after: string;
  readonly colour: boolean;
  readonly width: number;
}

type Row = readonly string[];

/** A comparison for people: what came is `+`, what went `-`, what changed `~`. */
export function diffTable(comparison: Comparison, layout: DiffLayout): string {
  const { packages, findings, files, settings, incomplete } = comparison;
  const sections = [
    section('Findings', findingRows(findings.came, findings.went), layout, `${findings.stayed} in both`),
    section('Packages', packages.map(packageRow), layout),
    section('Configuration', (settings ?? []).map(settingRow), layout),
    ...(files ? fileSections(files, layout) : []),
  ].filter((text) => text !== '');
  const head = `${harmless(layout.before)} → ${harmless(layout.after)}\n`;
  const same = sections.length === 0 ? '\nThere is no difference.\n' : '';
  const warning = incomplete ? '\nPart of one of them could not be read: there may be more differences.\n' : '';
  return `${head}${same}${sections.map((text) => `\n${text}`).join('')}${warning}`;
}

function findingRows(came: readonly Finding[], went: readonly Finding[]): Row[] {
  const row =
    (sign: string) =>
    ({ id, severity, name, version, fixed, fixState, from, exploited }: Finding): Row => {
      const fix = fixed.length > 0 ? `fixed in ${fixed.join(' or ')}` : noFixText(fixState);
      const known = exploited ? ', exploited' : '';
      return [sign, id, severity, `${name} ${version}`, sign === '+' ? `${fix}, ${from}${known}` : ''];
    };
  return [...came.map(row('+')), ...went.map(row('-'))];
}

const signs: Record<PackageChange['change'], string> = {
  added: '+',
  removed: '-',
  upgraded: '~',
  downgraded: '~',
  changed: '~',
};

function packageRow({ ecosystem, name, before, after, change }: PackageChange): Row {
  const versions = [before.join(', '), after.join(', ')].filter((text) => text !== '').join(' → ');
  return [signs[change], ecosystem, name, versions, change === 'downgraded' ? 'downgraded' : ''];
}

function settingRow({ setting, before, after }: SettingChange): Row {
  const sign = before === undefined ? '+' : after === undefined ? '-' : '~';
  return [sign, setting, [before, after].filter((text) => text !== undefined).join(' → ')];
}

function fileSections(files: FileChanges, layout: DiffLayout): string[] {
  const notable = files.files.flatMap((change): Row[] => {
    const why = whyNotable(change);
    return why === undefined ? [] : [[change.before ? '~' : '+', `/${change.path}`, why]];
  });
  const users = files.users.map(({ name, before, after }): Row => {
    const sign = before ? (after ? '~' : '-') : '+';
    return [sign, name, [before, after].flatMap((user) => (user ? [account(user)] : [])).join(' → ')];
  });
  const certificates = [
    ...files.newCertificates.map(({ subject, fingerprint, path }): Row => ['+', subject || fingerprint, `/${path}`]),
    ...files.goneCertificates.map(({ subject, fingerprint, path }): Row => ['-', subject || fingerprint, `/${path}`]),
  ];
  return [
    section('Users', users, layout),
    section('Trusted certificates', certificates, layout),
    section('Files that deserve a look', notable, layout),
    section('Files', folderRows(files.files), layout, sums(files.files)),
  ];
}

function account({ uid, gid, home, shell }: UserAccount): string {
  return `${uid}:${gid} ${home} ${shell}`;
}

function sums(files: readonly FileChange[]): string {
  const count = (kind: string): number => files.filter((change) => changeOf(change) === kind).length;
  return `${count('added')} added, ${count('removed')} removed, ${count('changed')} changed`;
}

/** Files by the folder that they stand in (three segments): a list of all is in the JSON. */
function folderRows(files: readonly FileChange[]): Row[] {
  const folders = new Map<string, { added: number; removed: number; changed: number }>();
  for (const change of files) {
    const segments = change.path.split('/');
    const folder = `/${segments.slice(0, Math.min(3, segments.length - 1)).join('/')}`;
    const known = folders.get(folder) ?? { added: 0, removed: 0, changed: 0 };
    folders.set(folder, known);
    known[changeOf(change)]++;
  }
  return [...folders].map(([folder, { added, removed, changed }]) => [
    '',
    folder,
    [added && `+${added}`, removed && `-${removed}`, changed && `~${changed}`].filter((text) => text).join(' '),
  ]);
}

function section(title: string, rows: readonly Row[], { colour, width }: DiffLayout, remark = ''): string {
  if (rows.length === 0) return '';
  const head = `${title} (${remark === '' ? rows.length : remark})`;
  const clean = rows.slice(0, rows.length > most ? most - 1 : most).map((row) => row.map(harmless));
  const widths = clean.reduce<number[]>((all, row) => {
    row.forEach((cell, i) => {
      all[i] = Math.max(all[i] ?? 0, Math.min(cell.length, 60));
    });
    return all;
  }, []);
  const lines = clean.map((row) => {
    const text = row.map((cell, i) => (i === row.length - 1 ? cell : pad(clip(cell, 60), widths[i] ?? 0))).join('  ');
    return `  ${painted(clip(text.trimEnd(), width - 2), row[0] ?? '', colour)}\n`;
  });
  const more = rows.length > most ? `  and ${rows.length - most + 1} more: see -o json\n` : '';
  return `${colour ? `\x1b[1m${head}\x1b[0m` : head}\n${lines.join('')}${more}`;
}

function painted(text: string, sign: string, colour: boolean): string {
  if (!colour) return text;
  if (sign === '+') return `\x1b[32m${text}\x1b[0m`;
  return sign === '-' ? `\x1b[31m${text}\x1b[0m` : text;
}
