import { lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseReference } from '../model/reference.ts';
import { SluiceError } from '../util/error.ts';
import { isDockerfile } from './dockerfile-file.ts';
import { headOf } from './head.ts';
import { beginsAsSbom } from './sbom-file.ts';

/** A target that is a container image. */
export type ImageTarget =
  | { readonly kind: 'archive' | 'oci-layout'; readonly path: string; readonly select?: string }
  | { readonly kind: 'registry'; readonly reference: string };

/** A target that is a folder of files. */
export interface FolderTarget {
  readonly kind: 'rootfs' | 'source';
  readonly path: string;
}

/** A target that is a bill of materials; the path `-` is standard input. */
export interface SbomTarget {
  readonly kind: 'sbom';
  readonly path: string;
}

/** A target that is a Dockerfile or Containerfile. */
export interface DockerfileTarget {
  readonly kind: 'dockerfile';
  readonly path: string;
}

/** What a target is, told from its scheme or its content. */
export type Target = ImageTarget | FolderTarget | SbomTarget | DockerfileTarget;

/** Whether a target has layers. */
export function isImageTarget(target: Target): target is ImageTarget {
  return target.kind === 'archive' || target.kind === 'oci-layout' || target.kind === 'registry';
}

const schemes = ['registry', 'oci', 'archive', 'dir', 'docker', 'sbom', 'dockerfile'];

/** Tells what a target is. @throws SluiceError `target/...`, `reference/malformed` */
export function identifyTarget(text: string): Target {
  const colon = text.indexOf(':');
  const scheme = schemes.includes(text.slice(0, colon)) ? text.slice(0, colon) : '';
  // `registry:5000/app` is a host with a port, not a scheme.
  if (scheme === '' || (scheme === 'registry' && /^\d+\//.test(text.slice(colon + 1)))) return byContent(text);
  const rest = text.slice(colon + 1);
  if (scheme === 'registry') return { kind: 'registry', reference: rest };
  if (scheme === 'sbom') return { kind: 'sbom', path: rest === '-' ? rest : existing(rest) };
  if (scheme === 'dockerfile') return { kind: 'dockerfile', path: existing(rest) };
  if (scheme === 'docker') {
    const hint = 'use the output of `docker save`, or a registry reference';
    throw new SluiceError('target/scheme', `targets of the scheme ${scheme}: can't be read yet`, hint);
  }
  if (scheme === 'dir') return folder(existing(rest));
  const { path, select } = selected(rest);
  const kind = scheme === 'oci' && statSync(path).isDirectory() ? 'oci-layout' : 'archive';
  return { kind, path, ...(select ? { select } : {}) };
}

/** `PATH`, `PATH:TAG` or `PATH@DIGEST`: which image of several in one layout or archive. A path that exists is taken as it is. */
function selected(text: string): { path: string; select?: string } {
  if (exists(text)) return { path: text };
  for (let i = 1; i < text.length; i++) {
    if ((text[i] === ':' || text[i] === '@') && exists(text.slice(0, i))) {
      return { path: text.slice(0, i), select: text.slice(i + 1) };
    }
  }
  return { path: existing(text) };
}

function existing(path: string): string {
  if (!exists(path)) throw new SluiceError('target/missing', `${path} does not exist`);
  return path;
}

function byContent(text: string): Target {
  if (exists(text)) {
    if (!statSync(text).isDirectory()) return { kind: kindOfFile(text), path: text };
    return has(text, 'index.json') && (has(text, 'blobs') || has(text, 'oci-layout'))
      ? { kind: 'oci-layout', path: text }
      : folder(text);
  }
  if (/^[./~]|\.(?:tar|tgz|tar\.gz|tar\.zst)$/.test(text))
    throw new SluiceError('target/missing', `${text} does not exist`);
  parseReference(text);
  return { kind: 'registry', reference: text };
}

function kindOfFile(path: string): 'sbom' | 'dockerfile' | 'archive' {
  const head = headOf(path);
  // What can't be read is opened as an archive, which says why.
  if (!head) return 'archive';
  if (beginsAsSbom(head)) return 'sbom';
  return isDockerfile(path, head) ? 'dockerfile' : 'archive';
}

/** A folder with a distribution's files is a root filesystem; any other is a source tree. */
function folder(path: string): FolderTarget {
  if (!statSync(path).isDirectory()) throw new SluiceError('target/not-a-folder', `${path} is not a folder`);
  const signs = [
    'etc/os-release',
    'usr/lib/os-release',
    'var/lib/dpkg',
    'lib/apk/db',
    'usr/lib/apk/db',
    'var/lib/rpm',
    'usr/lib/sysimage/rpm',
  ];
  return { kind: signs.some((sign) => has(path, sign)) ? 'rootfs' : 'source', path };
}

/** @throws SluiceError `target/unreadable` when the system does not let us look */
function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    // What can't be a path here, too long or below a file, may still be a reference.
    if (code === 'ENAMETOOLONG' || code === 'ENOTDIR') return false;
    throw new SluiceError('target/unreadable', `${path} can't be looked at (${code ?? 'unknown error'})`);
  }
}

/** Links are not followed: those of a root filesystem mean nothing on this machine. */
function has(path: string, name: string): boolean {
  try {
    return lstatSync(join(path, name), { throwIfNoEntry: false }) !== undefined;
  } catch {
    // What may not be looked at says nothing; the walk over the folder will say so.
    return false;
  }
}
