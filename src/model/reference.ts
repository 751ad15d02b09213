import { messageOf, SluiceError } from '../util/error.ts';
import { type Digest, parseDigest } from './digest.ts';

/** An image in a registry: `registry/repository:tag@digest`, completed as docker completes it. */
export interface Reference {
  /** Host and port in lower case; `docker.io` stands for Docker Hub. An IPv6 address is in brackets. */
  readonly registry: string;
  /** Path of the repository, with `library/` before an official image of Docker Hub. */
  readonly repository: string;
  /** Absent only when there is a digest; `latest` when the text named neither. */
  readonly tag?: string;
  /** Where given, it alone decides which image is meant; the tag is then a remark. */
  readonly digest?: Digest;
}

/** The registry that is meant where a reference names none. */
const defaultRegistry = 'docker.io';

const maxReference = 1024;
const maxHost = 255;
const maxRepository = 255;
const maxTag = 128;
const hostLabel = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const pathComponent = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagText = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const digits = /^[0-9]{1,5}$/;
const imageId = /^[0-9a-f]{64}$/;

/**
 * Reads an image reference (grammar of github.com/distribution/reference) as docker does: without a host it is on
 * Docker Hub, without tag and digest it is `latest`. The host is put in lower case, so that one image has one text.
 * @throws SluiceError `reference/malformed`, with the part that is wrong.
 */
export function parseReference(text: string): Reference {
  if (text === '') throw malformed(text, 'it is empty');
  if (text.length > maxReference) throw malformed(text, `it is longer than ${maxReference} characters`);
  if (text.includes('://')) throw malformed(text, 'a reference has no scheme such as https://');
  if (imageId.test(text)) throw malformed(text, 'it is the id of a local image, which no registry knows');

  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : readDigest(text, text.slice(at + 1));
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : readTag(text, named.slice(colon + 1));
  const name = readName(text, colon < 0 ? named : named.slice(0, colon));

  if (digest !== undefined) return tag === undefined ? { ...name, digest } : { ...name, tag, digest };
  return { ...name, tag: tag ?? 'latest' };
}

/** The canonical text: `docker.io/library/alpine:latest`. Reading it again gives the same reference. */
export function formatReference(reference: Reference): string {
  let text = `${reference.registry}/${reference.repository}`;
  if (reference.tag !== undefined) text += `:${reference.tag}`;
  if (reference.digest !== undefined) text += `@${reference.digest}`;
  return text;
}

/** The same repository at a digest: what a tag stood for when it was read. */
export function withDigest(reference: Reference, digest: Digest): Reference {
  return { ...reference, digest };
}

function readName(text: string, name: string): { registry: string; repository: string } {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  // Docker also takes an upper-case word for a host; put in lower case it would be a folder of Docker Hub.
  const hasHost = slash >= 0 && (/[.:[]/.test(first) || first === 'localhost');
  let registry = hasHost ? readHost(text, first) : defaultRegistry;
  if (registry === 'index.docker.io') registry = defaultRegistry;
  let repository = hasHost ? name.slice(slash + 1) : name;
  if (registry === defaultRegistry && !repository.includes('/')) repository = `library/${repository}`;
  checkRepository(text, repository);
  return { registry, repository };
}

function checkRepository(text: string, repository: string): void {
  if (repository.length > maxRepository) {
    throw malformed(text, `the repository is longer than ${maxRepository} characters`);
  }
  if (repository !== repository.toLowerCase()) {
    throw malformed(text, `the repository ${quote(repository)} must be in lower case`);
  }
  for (const component of repository.split('/')) {
    if (!pathComponent.test(component)) {
      throw malformed(text, `${quote(component)} is not a valid part of a repository's name`);
    }
  }
}

function readHost(text: string, written: string): string {
  const host = written.toLowerCase();
  if (host.length > maxHost) throw malformed(text, `the host is longer than ${maxHost} characters`);
  const close = host.startsWith('[') ? host.indexOf(']') : -1;
  const colon = host.startsWith('[') && close < 0 ? -1 : host.indexOf(':', close + 1);
  const name = colon < 0 ? host : host.slice(0, colon);
  if (colon >= 0) checkPort(text, host.slice(colon + 1));
  // What stands in brackets is an IPv6 address by the rules of URLs, which are asked below: they have no zones.
  const valid = name.startsWith('[')
    ? /^\[[0-9a-f:.]+\]$/.test(name)
    : name.split('.').every((label) => hostLabel.test(label));
  if (!valid || !URL.canParse(`https://${host}/`)) throw malformed(text, `${quote(name)} is not a valid host`);
  return host;
}

function checkPort(text: string, port: string): void {
  const number = digits.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) throw malformed(text, `${quote(port)} is not a valid port`);
}

function readTag(text: string, tag: string): string {
  if (tag.length > maxTag) throw malformed(text, `the tag is longer than ${maxTag} characters`);
  if (!tagText.test(tag)) throw malformed(text, `${quote(tag)} is not a valid tag`);
  return tag;
}

function readDigest(text: string, digest: string): Digest {
  try {
    return parseDigest(digest);
  } catch (thrown) {
    throw malformed(text, ascii(messageOf(thrown)));
  }
}

function malformed(text: string, why: string): SluiceError {
  return new SluiceError('reference/malformed', `${quote(text)} is not an image reference: ${why}`);
}

/** Quoted, cut and in plain ASCII: a reference from a file must not write escape sequences to a terminal. */
function quote(text: string): string {
  return ascii(JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text));
}

function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
