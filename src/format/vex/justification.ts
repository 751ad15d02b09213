/** Words of the VEX working group (CISA, "VEX Status Justifications", 2022), which OpenVEX and CSAF use. */
const words: ReadonlySet<string> = new Set([
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
]);

/** Whether it is one of the words of the VEX working group. */
export function isJustification(word: string): boolean {
  return words.has(word);
}

/** CycloneDX's words (`impactAnalysisJustification`) that mean the same as one of those; the others stay what they are. */
const ofCycloneDx: ReadonlyMap<string, string> = new Map([
  ['code_not_present', 'vulnerable_code_not_present'],
  ['code_not_reachable', 'vulnerable_code_not_in_execute_path'],
  ['protected_by_mitigating_control', 'inline_mitigations_already_exist'],
  ['protected_at_runtime', 'protected_at_runtime'],
  ['protected_at_perimeter', 'protected_at_perimeter'],
  ['protected_by_compiler', 'protected_by_compiler'],
  ['requires_configuration', 'requires_configuration'],
  ['requires_dependency', 'requires_dependency'],
  ['requires_environment', 'requires_environment'],
]);

/** A justification of CycloneDX in the words of the VEX working group where it means the same; undefined when it is none. */
export function justificationOfCycloneDx(word: string): string | undefined {
  return ofCycloneDx.get(word);
}
