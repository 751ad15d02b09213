import { accountFor, type TargetAccount } from '../catalog/accounting/account.ts';
import type { Target } from '../source/target.ts';
import { openTargetFiles } from './image-files.ts';
import type { ScanOptions } from './options.ts';

/** Accounts for every byte of a target. @throws SluiceError when it can't be read */
export async function takeAccount(target: Target, options: ScanOptions): Promise<TargetAccount> {
  const looked = await openTargetFiles(target, options);
  try {
    const { files, tree, surveys, ecosystems, inventory, readBodies, digest, platform, createdBy, problems } = looked;
    const { packages, distribution } = inventory;
    const account = await accountFor({ files, tree, surveys, packages, ecosystems, readBodies });
    return {
      ...account,
      kind: looked.config ? 'image' : 'folder',
      ...(digest ? { digest } : {}),
      ...(platform ? { platform } : {}),
      ...(distribution ? { distribution } : {}),
      createdBy,
      problems,
    };
  } finally {
    looked.close();
  }
}
