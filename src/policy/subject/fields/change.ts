import type { Fields } from '../contract.ts';

/** One difference from the baseline. */
export const changeFields: Fields = {
  what: {
    type: 'string',
    doc: '`manifest`, `base`, `user`, `entrypoint`, `cmd`, `workdir`, `env`, `port`, `label`, `volume`, `healthcheck`, `stop-signal`, `package`, `licence`, `setuid`, `certificate` or `account`',
  },
  how: { type: 'string', doc: '`added`, `removed`, `changed`, `upgraded` or `downgraded`' },
  name: {
    type: 'string',
    doc: "of the variable, port, label, package, path, certificate's subject or account; else what",
  },
  before: { type: 'string', doc: 'empty when it is new; `***` for what looks like a secret' },
  after: { type: 'string', doc: 'empty when it is gone' },
  ecosystem: { type: 'string', doc: 'of a package; else empty' },
  package: { type: 'string', doc: 'purl of a package as it is now, or was; else empty' },
};
