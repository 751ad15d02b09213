import type { VersionOrder } from '../../version/contract.ts';

/** Longest range that is read, and most parts of one. */
const longestRange = 500;
const mostParts = 40;

interface Version {
  readonly parts: readonly number[];
  readonly prerelease: string;
}

/**
 * Whether a version meets a range of npm (node-semver, "Ranges"). What is none, such as a tag or a URL, admits nothing:
 * then it is npm that must decide. A version before its release is admitted by no range. `order`: npm's.
 */
export function admitsNpm(range: string, version: string, order: VersionOrder): boolean {
  const plain = versionIn(version);
  if (range.length > longestRange || plain?.parts.length !== 3 || plain.prerelease !== '') return false;
  const choices = range.split('||');
  return choices.length <= mostParts && choices.some((choice) => meets(choice.trim(), version, order));
}

function meets(choice: string, version: string, order: VersionOrder): boolean {
  if (choice === '' || choice === '*' || choice === 'x' || choice === 'latest') return choice !== 'latest';
  const hyphen = choice.split(/ +- +/);
  if (hyphen.length === 2) return bounds(`>=${hyphen[0]}`, version, order) && bounds(`<=${hyphen[1]}`, version, order);
  const parts = choice
    .replace(/([<>=~^])[ \t]+/g, '$1')
    .split(/[ \t]+/)
    .filter((part) => part !== '');
  return parts.length > 0 && parts.length <= mostParts && parts.every((part) => bounds(part, version, order));
}

function bounds(part: string, version: string, order: VersionOrder): boolean {
  const match = /^(\^|~>?|>=|<=|>|<|=)?(.*)$/.exec(part);
  const operator = match?.[1] ?? '';
  const bound = versionIn(match?.[2] ?? '');
  if (!bound) return false;
  const given = bound.parts.length;
  if (given === 0) return operator !== '<' && operator !== '>';
  const low = textOf(bound.parts, bound.prerelease);
  const compared = order.compare(version, low);
  const isBelow = (place: number): boolean => order.compare(version, raised(bound.parts, place)) < 0;
  switch (operator) {
    case '^':
      return compared >= 0 && isBelow(caretPlace(bound.parts));
    case '~':
    case '~>':
      return compared >= 0 && isBelow(Math.min(given, 2) - 1);
    case '>=':
      return compared >= 0;
    case '<':
      return compared < 0;
    case '>':
      return given === 3 ? compared > 0 : !isBelow(given - 1);
    case '<=':
      return given === 3 ? compared <= 0 : isBelow(given - 1);
    default:
      return given === 3 ? compared === 0 : compared >= 0 && isBelow(given - 1);
  }
}

/** The first part that is not 0, which `^` holds fast; of `^0.0` the last one given. */
function caretPlace(parts: readonly number[]): number {
  const place = parts.findIndex((part) => part !== 0);
  return place < 0 ? parts.length - 1 : place;
}

/** `1.3` of `1.2.5` at the place 1. */
function raised(parts: readonly number[], place: number): string {
  return textOf([...parts.slice(0, place), (parts[place] ?? 0) + 1], '');
}

function textOf(parts: readonly number[], prerelease: string): string {
  return `${parts[0] ?? 0}.${parts[1] ?? 0}.${parts[2] ?? 0}${prerelease}`;
}

/** `1.2`, `v1.2.x`, `1.2.3-rc.1+build`: the numbers up to the first that is left open. */
function versionIn(text: string): Version | undefined {
  const match =
    /^[v=]?(\d{1,15}|[xX*])(?:\.(\d{1,15}|[xX*]))?(?:\.(\d{1,15}|[xX*]))?(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/.exec(
      text,
    );
  if (!match) return undefined;
  const parts: number[] = [];
  for (const part of match.slice(1, 4)) {
    if (part === undefined || !/^\d/.test(part)) break;
    parts.push(Number(part));
  }
  return { parts, prerelease: match[4] ?? '' };
}
