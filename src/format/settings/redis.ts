import type { ConfigurationText, Include, Settings } from './contract.ts';
import { folderOf, Gatherer } from './gather.ts';
import { scannedLines, wordsOf } from './line-scan.ts';

/** Reads redis.conf: `name words`, the last of several counts, `include` brings another file in its place. */
export function readRedis(file: ConfigurationText, include: Include): Settings {
  const gatherer = new Gatherer('last', include);
  const read = (one: ConfigurationText): void => {
    for (const { text, line } of scannedLines(one.text, '#')) {
      if (gatherer.full) return;
      const [word = '', ...args] = wordsOf(text);
      const name = word.toLowerCase();
      if (name === 'include') for (const pattern of args) gatherer.include(pattern, folderOf(one.path), read);
      else gatherer.add({ name, value: args.join(' '), args, line, path: one.path });
    }
  };
  return gatherer.gather(file, read);
}
