import { SluiceError } from '../util/error.ts';
import type { Report } from './contract.ts';

/** A report of the user's own form: what a Liquid template makes of the JSON report (`template/made.ts`). */
export const report: Report = {
  id: 'template',
  doc: 'what a Liquid template of yours makes of the JSON report: template@FILE',
  render: () => {
    throw new SluiceError('usage/output', 'there is no template', 'name one: -o template@FILE');
  },
};
