import type { ConfigurationText, Include, Settings } from './contract.ts';
import { Gatherer } from './gather.ts';
import { scannedLines, wordsOf } from './line-scan.ts';

/** Reads any file of words, such as pg_hba.conf: of each line the first word is the name. Comments begin with `#`. */
export function readLines(file: ConfigurationText, include: Include): Settings {
  const gatherer = new Gatherer('last', include);
  return gatherer.gather(file, (one) => {
    for (const { text, line } of scannedLines(one.text, '#')) {
      if (gatherer.full) return;
      const words = wordsOf(text);
      const comment = words.findIndex((word) => word.startsWith('#'));
      const [name = '', ...args] = comment < 0 ? words : words.slice(0, comment);
      gatherer.add({ name, value: args.join(' '), args, line, path: one.path });
    }
  });
}
