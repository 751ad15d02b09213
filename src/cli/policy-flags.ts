import { parseSeverity } from '../model/severity.ts';
import { defaultPolicy, type Policy } from '../policy/policy.ts';
import { SluiceError } from '../util/error.ts';
import type { Flags } from './flags.ts';

/** The policy that the flags ask for, on top of the default one. @throws SluiceError `usage/fail-on` */
export function policyOf(given: Flags): Policy {
  const failOn = given.text('fail-on');
  if (failOn === undefined) return defaultPolicy;
  if (failOn.toLowerCase() === 'never') return { ...defaultPolicy, failOn: 'never' };
  const severity = parseSeverity(failOn);
  if (severity && severity !== 'unknown') return { ...defaultPolicy, failOn: severity };
  throw new SluiceError(
    'usage/fail-on',
    `--fail-on takes a severity or never, not ${failOn}`,
    'critical, high, medium, low, negligible or never',
  );
}
