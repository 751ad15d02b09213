import { textLines } from '../../../util/text-lines.ts';
import { nearRule } from './checks.ts';
import { type Carried, type Foreign, ForeignEntries } from './contract.ts';

/** Reads `.gitleaksignore`: a fingerprint a line, `[commit:]file:rule:line`; `#` begins a comment. */
export function readGitleaksIgnore(text: string, file: string): Foreign {
  const entries = new ForeignEntries(file);
  let line = 0;
  let comment: string[] = [];
  for (const raw of textLines(text)) {
    line++;
    const trimmed = raw.trim();
    if (trimmed.startsWith('#')) comment.push(trimmed.replace(/^#+\s*/, ''));
    else if (trimmed === '') comment = [];
    else entries.put(line, fingerprintOf(trimmed, comment.join(' ').trim()));
  }
  return entries;
}

function fingerprintOf(text: string, reason: string): Carried | string {
  const parts = text.split(':');
  const at = parts.at(-1) ?? '';
  const rule = parts.at(-2) ?? '';
  if (parts.length < 3 || !/^\d{1,9}$/.test(at) || !/^[\w.-]{1,100}$/.test(rule))
    return `${text.slice(0, 80)} is no fingerprint, which is file:rule:line`;
  if (/[\s*]/.test(text)) return "the file's name holds a space or *, which no id of a waiver does";
  const ours = nearRule(rule);
  const ids = [text, ...(ours === undefined || ours === rule ? [] : [[...parts.slice(0, -2), ours, at].join(':')])];
  return { ids, ...(reason === '' ? {} : { reason }) };
}
