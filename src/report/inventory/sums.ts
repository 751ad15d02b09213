import type { AccountedFile } from '../../catalog/accounting/account.ts';
import { type Category, categories } from '../../catalog/accounting/category.ts';
import { compareText } from '../../util/compare-text.ts';

/** Files and their bytes. */
export interface Sum {
  files: number;
  bytes: number;
}

/** What the files of an image come to. Links count as files of no bytes. */
export interface Sums {
  readonly all: Sum;
  readonly byCategory: ReadonlyMap<Category, Sum>;
  /** Of owned files, by kind of package, sorted. */
  readonly byEcosystem: readonly (readonly [string, Sum])[];
  /** Of owned files, by package, sorted. */
  readonly byOwner: readonly (readonly [string, Sum])[];
  /** Of application files, by the folder that they stand in (two segments), the largest first. */
  readonly byFolder: readonly (readonly [string, Sum])[];
}

/** Adds the files up. A body that has several names counts once, at the first of them. */
export function sumsOf(files: readonly AccountedFile[]): Sums {
  const all = { files: 0, bytes: 0 };
  const byCategory = new Map<Category, Sum>(categories.map((category) => [category, { files: 0, bytes: 0 }]));
  const byEcosystem = new Map<string, Sum>();
  const byOwner = new Map<string, Sum>();
  const byFolder = new Map<string, Sum>();
  const bodies = new Set<string>();
  for (const { file, category, owner, ecosystem } of files) {
    const body = `${file.bodyLayer} ${file.bodyEntry}`;
    const bytes = bodies.has(body) ? 0 : file.size;
    bodies.add(body);
    add(all, bytes);
    add(byCategory.get(category) as Sum, bytes);
    if (ecosystem !== undefined) add(sumAt(byEcosystem, ecosystem), bytes);
    if (owner !== undefined) add(sumAt(byOwner, owner), bytes);
    if (category === 'application') add(sumAt(byFolder, folderOf(file.path)), bytes);
  }
  return {
    all,
    byCategory,
    byEcosystem: sorted(byEcosystem),
    byOwner: sorted(byOwner),
    byFolder: sorted(byFolder).sort(([, a], [, b]) => b.bytes - a.bytes),
  };
}

function folderOf(path: string): string {
  const segments = path.split('/');
  return `/${segments.slice(0, Math.min(2, segments.length - 1)).join('/')}`;
}

function sumAt(sums: Map<string, Sum>, key: string): Sum {
  const known = sums.get(key) ?? { files: 0, bytes: 0 };
  sums.set(key, known);
  return known;
}

function add(sum: Sum, bytes: number): void {
  sum.files++;
  sum.bytes += bytes;
}

function sorted(sums: ReadonlyMap<string, Sum>): [string, Sum][] {
  return [...sums].sort(([a], [b]) => compareText(a, b));
}
