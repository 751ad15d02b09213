/** Which letters follow each letter, a to z, often enough in English and in the names that programmers give: 92 % of all pairs. */
const followers = [
  ...[
    'bcdgilmnprstuy',
    'aelou',
    'aehiklortu',
    'aeios',
    'acdeflmnpqrstvx',
    'aeioru',
    'aehilor',
    'aeiot',
    'acdefglmnoprstv',
  ],
  ...['aeou', 'eins', 'abeilotuy', 'abeiop', 'acdefgilostuy', 'bcdfilmnoprtuvw', 'aehiloprstu', 'u', 'acdeginorstuy'],
  ...['aceiopstuw', 'aehioprstuy', 'beilmnprst', 'aei', 'aeio', 'pt', 'ps', 'e'],
];

const common = new Uint8Array(26 * 26);
for (const [first, letters] of followers.entries())
  for (const letter of letters) common[first * 26 + letter.charCodeAt(0) - 97] = 1;

/** A run of letters shorter than this is no word. */
const shortestWord = 4;

/**
 * How much of a text is words: letters of one case, or with a capital first, of which nearly all pairs are common.
 * 0 to 1; of random text hardly ever above a half.
 */
export function wordShare(text: string): number {
  let covered = 0;
  for (let at = 0; at < text.length; ) {
    const end = endOfRun(text, at);
    if (end - at >= shortestWord && isWord(text, at, end)) covered += end - at;
    at = Math.max(end, at + 1);
  }
  return text.length === 0 ? 0 : covered / text.length;
}

/** Where the letters end that begin at a place: all capitals, or small ones with or without a capital first. */
function endOfRun(text: string, from: number): number {
  let at = from;
  while (at < text.length && isUpper(text.charCodeAt(at))) at++;
  // The last of several capitals is the first letter of the next word: `HTTPServer`.
  if (at - from > 1) return at < text.length && isLower(text.charCodeAt(at)) ? at - 1 : at;
  while (at < text.length && isLower(text.charCodeAt(at))) at++;
  return at;
}

function isWord(text: string, from: number, to: number): boolean {
  let known = 0;
  for (let at = from + 1; at < to; at++) known += pairIsCommon(text.charCodeAt(at - 1), text.charCodeAt(at));
  return known >= (to - from - 1) * 0.7;
}

function pairIsCommon(first: number, second: number): number {
  return common[((first | 0x20) - 97) * 26 + (second | 0x20) - 97] ?? 0;
}

function isLower(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

function isUpper(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}
