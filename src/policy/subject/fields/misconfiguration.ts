import type { Fields } from '../contract.ts';

/** A bad setting of the image, of a program in it, or of a Dockerfile. */
export const misconfigurationFields: Fields = {
  id: { type: 'string', doc: 'the rule: `image/runs-as-root`' },
  aliases: { type: 'list<string>', doc: 'what other tools call it' },
  title: { type: 'string', doc: '' },
  message: { type: 'string', doc: 'what was found, in one line' },
  severity: { type: 'string', doc: '`critical`, `high`, `medium`, `low`' },
  where: {
    type: 'string',
    doc: '`file`, `environment`, `label`, `history`, `configuration`, `dockerfile` or `package`',
  },
  path: { type: 'string', doc: 'of the file; else empty' },
  name: { type: 'string', doc: 'of the setting; else empty' },
  line: { type: 'int', doc: 'from 1; 0 where there are no lines' },
  layer: { type: 'int', doc: 'from 0; -1 where there is none' },
  from: { type: 'string', doc: '`base` or `own`' },
  controls: { type: 'list<string>', doc: 'what the rule serves: `CIS Docker 1.6.0 4.1`' },
  package: { type: 'string', doc: 'purl of the package that ships the file; else empty' },
  introduced: { type: 'bool', doc: 'whether the baseline does not have it; true without a baseline' },
  blame: { type: 'string', doc: 'where there is a baseline: `introduced-known` or `inherited-known`' },
};
