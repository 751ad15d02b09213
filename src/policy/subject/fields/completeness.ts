import type { Fields } from '../contract.ts';

/** How complete a bill of materials of the image would be: shares from 0 to 1 of its packages; 1 when there are none. */
export const completenessFields: Fields = {
  packages: { type: 'int', doc: 'how many' },
  withVersion: { type: 'double', doc: '' },
  withLicense: { type: 'double', doc: '' },
  withSupplier: { type: 'double', doc: '' },
  withHash: { type: 'double', doc: '' },
  withPurl: { type: 'double', doc: '' },
};
