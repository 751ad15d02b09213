import type { TargetAccount } from '../../catalog/accounting/account.ts';
import { categories } from '../../catalog/accounting/category.ts';
import { jsonProblem } from '../kept/write-evidence.ts';
import { jsonText } from '../text-json.ts';
import { jsonTarget } from '../text-target.ts';
import { sumsOf } from './sums.ts';

/** An account as JSON, `sluice-inventory/v1`: its schema is `schema/sluice-inventory-v1.json`. */
export function inventoryJson(account: TargetAccount): string {
  const { kind, files, missing, unlisted, hidden, problems, createdBy } = account;
  const sums = sumsOf(files);
  const placed = (layer: number): object => (kind === 'image' ? { layer, createdBy: createdBy[layer] ?? '' } : {});
  return jsonText({
    schema: 'sluice-inventory/v1',
    target: jsonTarget(account),
    total: sums.all,
    categories: categories.map((category) => ({ category, ...sums.byCategory.get(category) })),
    ecosystems: sums.byEcosystem.map(([ecosystem, sum]) => ({ ecosystem, ...sum })),
    packages: sums.byOwner.map(([owner, sum]) => ({ package: owner, ...sum })),
    application: sums.byFolder.map(([folder, sum]) => ({ folder, ...sum })),
    unknownExecutables: files
      .filter(({ category }) => category === 'unknown-executable')
      .map(({ file, program }) => ({ path: `/${file.path}`, bytes: file.size, program, ...placed(file.layer) })),
    replaced: files
      .filter(({ replaced }) => replaced)
      .map(({ file, owner }) => ({ path: `/${file.path}`, package: owner, ...placed(file.layer) })),
    missing: missing
      .filter(({ dispensable }) => !dispensable)
      .map(({ path, owner }) => ({ path: `/${path}`, package: owner })),
    leftOut: missing.filter(({ dispensable }) => dispensable).length,
    unlisted,
    hidden,
    problems: problems.map(jsonProblem),
  });
}
