import type { SecretMatch } from '../../model/survey.ts';
import { redactDocument } from './redact.ts';

/** Finds the secrets of a text: `path` stands for its place. */
export type SearchText = (text: string, path: string) => readonly SecretMatch[];

/** What is kept of a configuration file; undefined of one that is no text. */
export function keep(path: string, bytes: Buffer, search: SearchText): string | undefined {
  if (bytes.includes(0)) return undefined;
  const text = bytes.toString('utf8');
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return redactDocument(path, plain, search(plain, path));
}
