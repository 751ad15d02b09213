import type { SbomProperty } from './document.ts';

/** Annotators whose comments are `Name: value`, and the namespace of those names in CycloneDX. */
const tools: readonly (readonly [annotator: string, namespace: string])[] = [['Tool: trivy', 'aquasecurity:trivy:']];

/** Most lines of one comment that are read. */
const lineLimit = 20_000;

/**
 * The properties that a comment is: lines of `sluice:name=value`, in which a backslash escapes, by sluice; one
 * `Name: value` by Trivy. None in the remarks of all others.
 */
export function annotationProperties(comment: string, annotator: string): SbomProperty[] {
  if (comment.startsWith('sluice:')) return comment.split('\n', lineLimit).flatMap(ownProperty);
  const namespace = tools.find(([name]) => annotator.startsWith(name))?.[1];
  const colon = comment.indexOf(': ');
  return namespace === undefined || colon <= 0 ? [] : [[namespace + comment.slice(0, colon), comment.slice(colon + 2)]];
}

function ownProperty(line: string): SbomProperty[] {
  const equals = line.indexOf('=');
  if (!line.startsWith('sluice:') || equals < 0) return [];
  const value = line.slice(equals + 1).replace(/\\([nr\\])/g, (_, c) => (c === 'n' ? '\n' : c === 'r' ? '\r' : '\\'));
  return [[line.slice(0, equals), value]];
}
