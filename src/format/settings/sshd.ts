import type { ConfigurationText, Include, Settings } from './contract.ts';
import { Gatherer } from './gather.ts';
import { scannedLines, wordsOf } from './line-scan.ts';

/** Reads sshd_config(5): of several values the first counts, what stands under `Match` holds for some only. */
export function readSshd(file: ConfigurationText, include: Include): Settings {
  const gatherer = new Gatherer('first', include);
  // A `Match` holds to the end of its file: what comes behind an `Include` is outside of it again.
  const read = (one: ConfigurationText, outer: string): void => {
    let block = outer;
    for (const { text, line } of scannedLines(one.text, '#')) {
      if (gatherer.full) return;
      const { name, args } = directive(text);
      const value = args.join(' ');
      if (name === 'match')
        block = value.toLowerCase() === 'all' ? outer : [outer, `match ${value}`].filter(Boolean).join(' > ');
      else if (name === 'include') {
        const inner = block;
        for (const pattern of args) gatherer.include(pattern, '/etc/ssh', (other) => read(other, inner));
      } else gatherer.add({ name, value, args, block, line, path: one.path }, block === '');
    }
  };
  return gatherer.gather(file, (one) => read(one, ''));
}

/** `Name value`, `Name=value`, with a comment behind it. */
function directive(text: string): { readonly name: string; readonly args: readonly string[] } {
  const words = wordsOf(text.replace(/^([A-Za-z0-9]+)\s*=\s*/, '$1 '));
  const comment = words.findIndex((word, at) => at > 0 && word.startsWith('#'));
  const [name = '', ...args] = comment < 0 ? words : words.slice(0, comment);
  return { name: name.toLowerCase(), args };
}
