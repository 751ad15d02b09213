import type { ConfigurationText, Include, Settings } from './contract.ts';
import { folderOf, Gatherer } from './gather.ts';
import { scannedLines } from './line-scan.ts';

/** Reads postgresql.conf: `name = value` or `name value`, quotes doubled inside of quotes, the last of several counts. */
export function readPostgres(file: ConfigurationText, include: Include): Settings {
  const gatherer = new Gatherer('last', include);
  const read = (one: ConfigurationText): void => {
    for (const { text, line } of scannedLines(one.text, '#')) {
      if (gatherer.full) return;
      const found = /^([A-Za-z_][\w.]*)(?:\s*=\s*|\s+)(.*)$/.exec(text);
      if (!found) continue;
      const name = (found[1] ?? '').toLowerCase();
      const value = valueIn(found[2] ?? '');
      if (name === 'include' || name === 'include_if_exists') gatherer.include(value, folderOf(one.path), read);
      else if (name === 'include_dir') gatherer.include(`${value.replace(/\/$/, '')}/*.conf`, folderOf(one.path), read);
      else
        gatherer.add({ name, value, args: value.split(/[\s,]+/).filter((word) => word !== ''), line, path: one.path });
    }
  };
  return gatherer.gather(file, read);
}

/** The value without its quotes, and without the comment behind it. */
function valueIn(text: string): string {
  if (!text.startsWith("'")) return (text.split('#', 1)[0] ?? '').trim();
  let value = '';
  for (let at = 1; at < text.length; at++) {
    if (text[at] === "'") {
      if (text[at + 1] !== "'") break;
      at++;
    }
    value += text[at];
  }
  return value;
}
