import type { Fields } from '../contract.ts';

/** The parts of a CVSS vector, as its letters: empty where the vector does not have them. */
export const cvssFields: Fields = {
  version: { type: 'string', doc: '`2.0`, `3.0`, `3.1`, `4.0`; empty when there is no vector' },
  AV: { type: 'string', doc: 'attack vector: `N`, `A`, `L`, `P`' },
  AC: { type: 'string', doc: 'attack complexity' },
  AT: { type: 'string', doc: 'attack requirements (v4)' },
  PR: { type: 'string', doc: 'privileges required' },
  UI: { type: 'string', doc: 'user interaction' },
  S: { type: 'string', doc: 'scope (v3)' },
  C: { type: 'string', doc: 'confidentiality (v2, v3)' },
  I: { type: 'string', doc: 'integrity (v2, v3)' },
  A: { type: 'string', doc: 'availability (v2, v3)' },
  Au: { type: 'string', doc: 'authentication (v2)' },
  VC: { type: 'string', doc: 'confidentiality of the vulnerable system (v4)' },
  VI: { type: 'string', doc: 'integrity of the vulnerable system (v4)' },
  VA: { type: 'string', doc: 'availability of the vulnerable system (v4)' },
  SC: { type: 'string', doc: 'confidentiality of what comes after (v4)' },
  SI: { type: 'string', doc: 'integrity of what comes after (v4)' },
  SA: { type: 'string', doc: 'availability of what comes after (v4)' },
  exploitability: { type: 'double', doc: 'exploitability subscore (v2, v3), from 0 to 10; 0 when there is none' },
  impact: { type: 'double', doc: 'impact subscore (v2, v3), from 0 to 10; 0 when there is none' },
};
