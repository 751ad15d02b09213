import type { TargetAccount } from '../../catalog/accounting/account.ts';
import { type Category, categories } from '../../catalog/accounting/category.ts';
import { harmless } from '../../util/harmless.ts';
import { sizeText } from '../text-size.ts';
import { clip } from '../text-width.ts';
import { type Sum, sumsOf } from './sums.ts';

/** Most lines of one list. */
const most = 15;

/** How an account is laid out. */
export interface InventoryLayout {
  /** What the user called the target. */
  readonly name: string;
  readonly colour: boolean;
  readonly width: number;
}

const titles: Record<Category, string> = {
  owned: 'owned by a package',
  database: "package managers' records",
  derived: 'derived: caches, bytecode',
  application: 'application files',
  'unknown-executable': 'unknown executables',
};

/** An account for people: the sums first, then what deserves a look. */
export function inventoryTable(account: TargetAccount, layout: InventoryLayout): string {
  const { files, hidden, createdBy, kind } = account;
  const sums = sumsOf(files);
  const layerText = (layer: number): string => {
    if (kind !== 'image') return '';
    const line = createdBy[layer] ?? '';
    return `layer ${layer}${line === '' ? '' : `: ${line}`}`;
  };
  const lists = [
    list('Unknown executables', unknownRows(account, layerText), layout),
    list('Not as their package brought them', replacedRows(account, layerText), layout),
    list('Gone, though their package lists them', missingRows(account), layout),
    list(
      'Packages with files that the package database does not name',
      account.unlisted.map((text) => [text]),
      layout,
    ),
    list(
      'Application files, by folder',
      sums.byFolder.map(([folder, sum]) => [folder, sum.files.toLocaleString('en'), sizeText(sum.bytes)]),
      layout,
    ),
    list(
      'Could not be read',
      account.problems.map(({ path, message }) => [path ?? '', message]),
      layout,
    ),
  ];
  const hiddenText =
    hidden.files > 0
      ? `\n${hidden.files.toLocaleString('en')} more files (${sizeText(hidden.bytes)}) are in lower layers, hidden by later ones.\n`
      : '';
  return `${heading(account, layout)}\n\n${aligned(sumRows(sums), layout.width, [1, 2, 3])}${hiddenText}${lists.join('')}`;
}

/** One row for each kind of file, with a share of all bytes. */
function sumRows(sums: ReturnType<typeof sumsOf>): string[][] {
  const share = (bytes: number): string => `${((100 * bytes) / Math.max(1, sums.all.bytes)).toFixed(1)} %`;
  const row = (title: string, { files, bytes }: Sum): string[] => [
    title,
    files.toLocaleString('en'),
    sizeText(bytes),
    share(bytes),
  ];
  const rows = [['', 'FILES', 'BYTES', '']];
  for (const category of categories) {
    const sum = sums.byCategory.get(category) as Sum;
    if (sum.files > 0) rows.push(row(titles[category], sum));
    if (category === 'owned') for (const [ecosystem, own] of sums.byEcosystem) rows.push(row(`  ${ecosystem}`, own));
  }
  return [...rows, row('in all', sums.all)];
}

function heading({ distribution, platform }: TargetAccount, { name, colour }: InventoryLayout): string {
  const parts = [distribution?.name ?? distribution?.id, platform].filter((part) => part);
  const title = harmless(name);
  return `${colour ? `\x1b[1m${title}\x1b[0m` : title}${parts.length > 0 ? `  ${harmless(parts.join(', '))}` : ''}`;
}

function unknownRows({ files }: TargetAccount, layerText: (layer: number) => string): string[][] {
  return files
    .filter(({ category }) => category === 'unknown-executable')
    .sort((a, b) => b.file.size - a.file.size)
    .map(({ file, program }) => [`/${file.path}`, program ?? '', sizeText(file.size), layerText(file.layer)]);
}

function replacedRows({ files }: TargetAccount, layerText: (layer: number) => string): string[][] {
  return files
    .filter(({ replaced }) => replaced)
    .map(({ file, owner }) => [`/${file.path}`, owner ?? '', layerText(file.layer)]);
}

/** What images commonly go without is only counted. */
function missingRows({ missing }: TargetAccount): string[][] {
  const rows = missing.filter(({ dispensable }) => !dispensable).map(({ path, owner }) => [`/${path}`, owner]);
  const leftOut = missing.length - rows.length;
  return leftOut === 0
    ? rows
    : [...rows, [`${leftOut.toLocaleString('en')} documents, manuals and records, as is common`]];
}

function list(title: string, rows: readonly (readonly string[])[], { width, colour }: InventoryLayout): string {
  if (rows.length === 0) return '';
  const shown =
    rows.length > most ? [...rows.slice(0, most - 1), [`and ${rows.length - most + 1} more: see -o json`]] : rows;
  const head = `${title} (${rows.length})`;
  return `\n${colour ? `\x1b[1m${head}\x1b[0m` : head}\n${aligned(
    shown.map((row) => ['', ...row]),
    width,
  )}`;
}

/** Columns two spaces apart; a lone cell, which is a remark, widens none. */
function aligned(rows: readonly (readonly string[])[], width: number, right: readonly number[] = []): string {
  const clean = rows.map((row) => row.map(harmless));
  const widths: number[] = [];
  for (const row of clean) {
    if (row.length < 3 && clean.some(({ length }) => length > 2)) continue;
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length);
    });
  }
  return clean
    .map((row) => {
      const cells = row.map((cell, i) =>
        right.includes(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
      );
      return `${clip(cells.join('  ').trimEnd(), width)}\n`;
    })
    .join('');
}
