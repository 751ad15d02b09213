import type { ConfigurationText, Include, Settings } from './contract.ts';
import { Gatherer } from './gather.ts';
import { joinedLines } from './line-scan.ts';

/** Reads properties files (Java, java.util.Properties): `key=value`, `key: value`, `key value`; the last of several counts. */
export function readProperties(file: ConfigurationText, include: Include): Settings {
  const gatherer = new Gatherer('last', include);
  return gatherer.gather(file, (one) => {
    for (const { text, line } of joinedLines(one.text, '#!')) {
      if (gatherer.full) return;
      const at = text.search(/[=:\s]/);
      const name = at < 0 ? text : text.slice(0, at);
      const value = at < 0 ? '' : text.slice(at).replace(/^\s*[=:]?\s*/, '');
      gatherer.add({ name, value, args: value.split(/[\s,]+/).filter(Boolean), line, path: one.path });
    }
  });
}
