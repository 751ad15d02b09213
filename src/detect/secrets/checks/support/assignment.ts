/** What a name says besides that it is secret, so that it is none: what identifies, describes, or is public. */
const harmless =
  /(?:csrf|xsrf|anti.?forgery|next|prev|page|paging|pagination|continuation|resume|cancel|cancellation|abort|sync|cursor|change|start|end|public|publishable|anon(?:ymous)?|site|instrumentation|sha\d*|commit|reset|forgot|confirm|repeat|verify|old|hint|hash(?:ed)?|encrypted|design|style|css|syntax|lex(?:er)?|parse[r]?|eof|stop|separator|bos|eos|pad|unk|mask|cls|special|primary|foreign|partition|sort|cache|object|index|i18n|translation|label|title|kind|type|class|max|min|length|count|total|prompt|completion|input|output|reserved|client.?id|request|idempotency|device|push|registration|fcm|etag|version|test|mock|fake|dummy|sample|example|default|placeholder)s?[\w-]{0,3}$/i;

/** What stands in front of a value, and how it is written. */
export interface Assignment {
  /** The whole name, without quotes; empty where it cannot be told. */
  readonly name: string;
  readonly isQuoted: boolean;
  /** Whether more of an expression follows: a call, an index, a sum. */
  readonly goesOn: boolean;
}

/** Most characters in front of a value that are looked at. */
const nameReach = 200;

/** Reads the assignment of a value from its line. */
export function assignmentOf(line: string, value: string): Assignment {
  const at = line.indexOf(value);
  const front = line.slice(Math.max(at - nameReach, 0), Math.max(at, 0));
  const name = /([\w.-]{1,128})["'`\])]{0,3}\s{0,8}(?:=>|:=|[=:(,])\s{0,8}["'`]?$/.exec(front)?.[1] ?? '';
  return {
    name,
    isQuoted: /["'`]$/.test(front),
    goesOn: /^[([{<$+]|^\s?[([+]/.test(line.slice(at + value.length, at + value.length + 2)),
  };
}

/** Whether the part of a name in front of `token`, `key`, `password` makes it none: `csrf_token`, `public_key`. */
export function isHarmlessName(name: string, word: RegExp): boolean {
  const found = word.exec(name);
  if (found === null) return true;
  return harmless.test(name.slice(0, found.index).replace(/[_.-]+$/, ''));
}
