import { RE2JS } from 're2js';
import type { LinearEngine, PatternMatch } from './compile.ts';

/** What is asked of RE2JS' matcher. */
interface Groups {
  groupCount(): number;
  start(group: number): number;
  end(group: number): number;
}

/** RE2JS as the linear engine: a file of its own, loaded when there is a pattern that needs it. */
export const linearEngine: LinearEngine = {
  compile(pattern) {
    const compiled = RE2JS.compile(pattern);
    return {
      groups: compiled.groupCount(),
      find(text, from) {
        const matcher = compiled.matcher(text);
        return matcher.find(from) ? matchOf(matcher) : undefined;
      },
      begin(text) {
        const matcher = compiled.matcher(text);
        return matcher.lookingAt() ? matchOf(matcher) : undefined;
      },
    };
  },
};

function matchOf(matcher: Groups): PatternMatch {
  const spans: PatternMatch['spans'][number][] = [];
  for (let group = 0; group <= matcher.groupCount(); group++) {
    const start = matcher.start(group);
    spans.push(start < 0 ? undefined : [start, matcher.end(group)]);
  }
  return { spans };
}
