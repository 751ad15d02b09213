import type { ConfigurationText, Include, Settings } from './contract.ts';
import { folderOf, Gatherer } from './gather.ts';
import { joinedLines, wordsOf } from './line-scan.ts';

/**
 * Reads sudoers(5). Of a line that gives rights the name is who (`root`, `%wheel`, `alice, bob`), the value what stands behind `=`,
 * the block the hosts; of `Defaults` and of aliases the name is the first word.
 */
export function readSudoers(file: ConfigurationText, include: Include): Settings {
  const gatherer = new Gatherer('last', include);
  const read = (one: ConfigurationText): void => {
    for (const { text, line } of joinedLines(one.text, '')) {
      if (gatherer.full) return;
      const brought = /^[#@]include(dir)?\s+"?([^"\s]+)/.exec(text);
      if (brought) {
        const path = (brought[2] ?? '').replace(/\/$/, '');
        // Files whose name has a point, or ends with ~, are passed over.
        gatherer.include(brought[1] ? `${path}/*` : path, folderOf(one.path), (other) => {
          if (!brought[1] || !/\.|~$/.test(other.path.slice(other.path.lastIndexOf('/') + 1))) read(other);
        });
      } else if (!text.startsWith('#') || /^#\d/.test(text)) {
        gatherer.add({ ...rights(withoutComment(text)), line, path: one.path });
      }
    }
  };
  return gatherer.gather(file, read);
}

function withoutComment(text: string): string {
  const at = text.search(/\s#(?!\d)/);
  return at < 0 ? text : text.slice(0, at).trimEnd();
}

function rights(text: string): { name: string; value: string; args: readonly string[]; block: string } {
  const first = /^[^\s:@!>]+/.exec(text)?.[0] ?? text;
  const equals = text.indexOf('=');
  if (equals < 0 || first === 'Defaults' || /^(?:User|Runas|Host|Cmnd|Cmd)_Alias$/.test(first)) {
    const value = text.slice(first.length).trim();
    return { name: first, value, args: wordsOf(value), block: '' };
  }
  const end = behindNames(text, equals);
  const value = text.slice(equals + 1).trim();
  return {
    name: text.slice(0, end),
    value,
    args: value.split(/[\s,]+/).filter(Boolean),
    block: text.slice(end, equals).trim(),
  };
}

/** Behind the names of who has rights: one, or several with commas between them. */
function behindNames(text: string, most: number): number {
  for (let at = 0; at < most; at++) {
    if (text[at] !== ' ' && text[at] !== '\t') continue;
    let next = at;
    while (next < most && (text[next] === ' ' || text[next] === '\t')) next++;
    if (text[at - 1] !== ',' && text[next] !== ',') return at;
    at = next;
  }
  return most;
}
