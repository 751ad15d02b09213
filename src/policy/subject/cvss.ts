/** Weights of CVSS 3 (FIRST, specification 3.1, section 7.4); `PR` is that of an unchanged scope. */
const weights3: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  PR: { N: 0.85, L: 0.62, H: 0.27 },
  UI: { N: 0.85, R: 0.62 },
  CIA: { H: 0.56, L: 0.22, N: 0 },
};

/** What is different about required privileges where the scope changes. */
const changedScopePrivileges: Readonly<Record<string, number>> = { N: 0.85, L: 0.68, H: 0.5 };

/** Weights of CVSS 2 (FIRST, "A Complete Guide", section 3.2.1). */
const weights2: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 1, A: 0.646, L: 0.395 },
  AC: { L: 0.71, M: 0.61, H: 0.35 },
  Au: { N: 0.704, S: 0.56, M: 0.45 },
  CIA: { C: 0.66, P: 0.275, N: 0 },
};

/** Longest vector that is read, in characters: one with all metrics of version 4 has fewer than 200. */
const longestVector = 300;

/** The parts of a CVSS vector (FIRST, versions 2.0, 3.0, 3.1 and 4.0), as rules read them. */
export class CvssView {
  readonly version: string;
  readonly AV: string;
  readonly AC: string;
  readonly AT: string;
  readonly PR: string;
  readonly UI: string;
  readonly S: string;
  readonly C: string;
  readonly I: string;
  readonly A: string;
  readonly Au: string;
  readonly VC: string;
  readonly VI: string;
  readonly VA: string;
  readonly SC: string;
  readonly SI: string;
  readonly SA: string;

  constructor(vector: string) {
    const parts = vector.length <= longestVector ? vector.split('/') : [];
    const metrics = new Map(parts.map((part) => [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)]));
    const of = (name: string): string => metrics.get(name) ?? '';
    this.version = metrics.get('CVSS') ?? (metrics.has('Au') ? '2.0' : '');
    this.AV = of('AV');
    this.AC = of('AC');
    this.AT = of('AT');
    this.PR = of('PR');
    this.UI = of('UI');
    this.S = of('S');
    this.C = of('C');
    this.I = of('I');
    this.A = of('A');
    this.Au = of('Au');
    this.VC = of('VC');
    this.VI = of('VI');
    this.VA = of('VA');
    this.SC = of('SC');
    this.SI = of('SI');
    this.SA = of('SA');
  }

  /** The exploitability subscore, to one decimal. */
  get exploitability(): number {
    if (this.version === '2.0') {
      return rounded(20 * weight(weights2.AV, this.AV) * weight(weights2.AC, this.AC) * weight(weights2.Au, this.Au));
    }
    if (!this.version.startsWith('3.')) return 0;
    const privileges = weight(this.S === 'C' ? changedScopePrivileges : weights3.PR, this.PR);
    return rounded(
      8.22 * weight(weights3.AV, this.AV) * weight(weights3.AC, this.AC) * privileges * weight(weights3.UI, this.UI),
    );
  }

  /** The impact subscore, to one decimal. */
  get impact(): number {
    if (this.version === '2.0') return rounded(10.41 * lossIn(weights2.CIA, this));
    if (!this.version.startsWith('3.')) return 0;
    const loss = lossIn(weights3.CIA, this);
    const impact = this.S === 'C' ? 7.52 * (loss - 0.029) - 3.25 * (loss - 0.02) ** 15 : 6.42 * loss;
    return rounded(Math.max(0, impact));
  }
}

function lossIn(table: Readonly<Record<string, number>> | undefined, { C, I, A }: CvssView): number {
  return 1 - (1 - weight(table, C)) * (1 - weight(table, I)) * (1 - weight(table, A));
}

function weight(table: Readonly<Record<string, number>> | undefined, letter: string): number {
  return table && Object.hasOwn(table, letter) ? (table[letter] ?? 0) : 0;
}

function rounded(score: number): number {
  return Math.round(score * 10) / 10;
}
