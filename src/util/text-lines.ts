/** The lines of a text one by one, without their line ends (`\n` or `\r\n`); the text is never split as a whole. */
export function* textLines(text: string): Generator<string, void, undefined> {
  let start = 0;
  while (start < text.length) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed;
    yield text.slice(start, end > start && text.charCodeAt(end - 1) === carriageReturn ? end - 1 : end);
    start = end + 1;
  }
}

const carriageReturn = 0x0d;
