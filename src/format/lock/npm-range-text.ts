const plainRange = /^([\^~=v]?|>=|<=)\s?v?\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?$/;

/**
 * The range that asks for a newer version in the way the old one did: `^4.17.1` becomes `^4.17.21`, `4.17.1` becomes
 * `4.17.21`. Undefined for a range of another shape, which may say more than that.
 */
export function raisedRange(range: string, to: string): string | undefined {
  const operator = plainRange.exec(range.slice(0, 200))?.[1];
  if (operator === undefined || range.length > 200 || operator === '<=') return undefined;
  return operator === 'v' ? to : operator + to;
}
