/** How far behind a keyword a secret may end (bytes); a longer one is not found as a whole. */
export const reachBehind = 16_384;
/** How far in front of a keyword a match may begin (bytes). */
export const reachBefore = 4096;
/** How much of a text is searched at once (bytes). */
export const blockSize = 65_536;
/** How far from a rule's keyword its match may be, where the pattern does not tell where the keyword stands in it (bytes). */
export const keywordDistance = 1024;
/** How much of a line is looked at on either side of a secret (bytes). */
export const lineReach = 256;
/** Most secrets that are told of one text; the rest of it is not searched. */
export const mostMatches = 1000;
/** Most matches of one rule in one text that turn out to be none: then the rule is left out for the rest of it. */
export const mostLookalikes = 2000;
