import type { Fields } from '../contract.ts';

/** What another tool has found (`--import`). */
export const externalFields: Fields = {
  tool: { type: 'string', doc: 'name and version of the tool' },
  id: { type: 'string', doc: "the tool's own id of the rule" },
  title: { type: 'string', doc: '' },
  message: { type: 'string', doc: '' },
  severity: { type: 'string', doc: '`critical`, `high`, `medium`, `low` or `unknown`' },
  path: { type: 'string', doc: 'of the file; else empty' },
  line: { type: 'int', doc: 'from 1; 0 where there are no lines' },
  introduced: { type: 'bool', doc: 'whether the baseline does not have it; true without a baseline' },
  blame: { type: 'string', doc: 'where there is a baseline: `introduced-known` or `inherited-known`' },
};
