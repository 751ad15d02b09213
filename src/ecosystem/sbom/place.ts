import type { Presence } from '../../model/package.ts';
import { isNamed } from '../../util/path.ts';

/** Folders in which an installer leaves a bill of materials of what it installed: apko and melange, images of Docker and of buildpacks. */
const installers = ['var/lib/db/sbom/', 'usr/local/share/sbom/', 'layers/sbom/launch/', 'cnb/sbom/'];

/** How sure a file's name is that a bill of materials is in it. */
export type NameKind = 'certain' | 'likely';

/** Whether a file's name is one of a bill of materials; undefined when it is not. The last letter alone turns almost every path away. */
export function nameKindOf(path: string): NameKind | undefined {
  const kind = byEnding(path);
  return kind === undefined || isBitnamis(path) || isOfPublishedPackage(path) ? undefined : kind;
}

function byEnding(path: string): NameKind | undefined {
  switch (path.charCodeAt(path.length - 1)) {
    case 0x6e: // json
      if (!path.endsWith('.json')) return undefined;
      if (isCertainJson(path)) return 'certain';
      return isNamed(path, 'bom.json') || isNamed(path, 'sbom.json') || isInSbomFolder(path) ? 'likely' : undefined;
    case 0x78: // spdx
      return path.endsWith('.spdx') ? 'certain' : undefined;
    case 0x6c: // xml
      if (path.endsWith('.cdx.xml')) return 'certain';
      return isNamed(path, 'bom.xml') ? 'likely' : undefined;
    default:
      return path.startsWith('usr/local/share/sbom/') ? 'likely' : undefined;
  }
}

/** Endings that only bills of materials have. */
function isCertainJson(path: string): boolean {
  return (
    path.endsWith('.cdx.json') ||
    path.endsWith('.spdx.json') ||
    path.endsWith('.cyclonedx.json') ||
    path.endsWith('.syft.json') ||
    path.endsWith('.spdx3.json')
  );
}

/** Java archives that were unpacked have theirs in `META-INF/sbom/`, Python packages (PEP 770) in `*.dist-info/sboms/`. */
function isInSbomFolder(path: string): boolean {
  const folder = path.lastIndexOf('/');
  return path.endsWith('META-INF/sbom', folder) || isPythons(path) || path.startsWith('usr/local/share/sbom/');
}

function isPythons(path: string): boolean {
  return path.includes('.dist-info/sboms/');
}

/** Those have a plugin of their own. */
function isBitnamis(path: string): boolean {
  return path.startsWith('opt/bitnami/') && path.startsWith('.spdx-', path.lastIndexOf('/') + 1);
}

/** What a published package carries along says what its authors built it of, unless its installer put it there. */
function isOfPublishedPackage(path: string): boolean {
  if (path.includes('node_modules/')) return true;
  return (path.includes('site-packages/') || path.includes('dist-packages/')) && !isPythons(path);
}

/** What stands at an installer's place is what it installed; a document elsewhere only names packages. */
export function presenceAt(path: string): Presence {
  return installers.some((folder) => path.startsWith(folder)) || isPythons(path) ? 'installed' : 'declared';
}
