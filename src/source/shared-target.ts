import { parseReference, type Reference } from '../model/reference.ts';
import { SluiceError } from '../util/error.ts';
import type { RegistryAccess } from './registry-image.ts';
import type { SharedStore } from './shared-store.ts';

/** Where machines share something: a folder, or a repository of a registry. */
export type SharedTarget =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'registry'; readonly repository: Reference };

const registryScheme = 'oci://';

/** Reads `DIR` or `oci://registry/repository`. @throws SluiceError `usage/cache` */
export function parseSharedTarget(text: string): SharedTarget {
  if (!text.includes('://')) return { kind: 'folder', path: text };
  if (!text.startsWith(registryScheme)) throw refused(text, 'is neither a folder nor oci://');
  const rest = text.slice(registryScheme.length);
  const { registry, repository } = parseReference(rest);
  // A name without a host would be one of Docker Hub's: too easily meant otherwise to be written to.
  if (!rest.toLowerCase().startsWith(`${registry}/`)) throw refused(text, 'names no registry');
  const path = rest.slice(registry.length + 1);
  if (/[:@]/.test(path)) throw refused(text, 'names an image, where a repository is wanted');
  return { kind: 'registry', repository: { registry, repository } };
}

/** Opens what a target names; no connection and no file is opened before something is asked for. */
export async function openSharedStore(target: SharedTarget, access: RegistryAccess): Promise<SharedStore> {
  if (target.kind === 'folder') {
    const { SharedFolder } = await import('./shared-folder.ts');
    return new SharedFolder(target.path);
  }
  const { SharedRegistry } = await import('./shared-registry.ts');
  return new SharedRegistry(target.repository, access);
}

function refused(text: string, why: string): SluiceError {
  const hint = 'such as --cache /var/cache/shared or --cache oci://registry.example.org/team/sluice-cache';
  return new SluiceError('usage/cache', `the shared cache ${text} ${why}`, hint);
}
