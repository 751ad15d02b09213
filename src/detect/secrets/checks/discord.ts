import type { SecretCheck } from './contract.ts';
import { none, sure } from './support/answers.ts';

/** The first part of a bot's token is the bot's number in base 64. */
export const check: SecretCheck = ({ value }) => {
  const id = Buffer.from(value.slice(0, value.indexOf('.')), 'base64').toString('latin1');
  return /^\d{17,20}$/.test(id) ? sure(95, 'it holds the number of a bot') : none;
};
