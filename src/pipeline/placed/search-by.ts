import type { LayerLook } from '../../catalog/looking/contract.ts';
import { readyLook } from '../../catalog/looking/ready-look.ts';
import type { SecretRule, SecretScanner } from '../../detect/secrets/contract.ts';
import { builtInSecrets } from './layer-look.ts';
import { rulesById } from './secret-findings.ts';

/** Searches with a scanner of a look; the rules are those that matches of the look name. */
export async function searchBy<Found>(
  look: LayerLook,
  search: (scanner: SecretScanner) => Found,
): Promise<{ readonly found: Found; readonly rules: ReadonlyMap<string, SecretRule> }> {
  const ready = await readyLook(look);
  const scanner = ready.borrow();
  const found = search(scanner);
  ready.giveBack(scanner);
  return { found, rules: rulesById([await builtInSecrets(), ...look.secretRules]) };
}
