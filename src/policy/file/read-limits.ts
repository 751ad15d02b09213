/** Largest policy or waiver file (bytes): ten thousand rules with all that belongs to them. */
export const documentBytes = 4 << 20;
/** Most rules of a policy, over all of its files. */
export const mostRules = 10_000;
/** Most rule sets that one file or named policy uses. */
export const mostUses = 64;
/** Most named policies, and most mappings. */
export const mostPolicies = 100;
export const mostMappings = 1000;
/** Most files that one policy is made of, and how deep they may use each other. */
export const mostFiles = 64;
export const deepestUse = 16;
/** Most globs, regular expressions and values that all rules on files ask for together; one with braces counts as many. */
export const mostFileParts = 10_000;
/** Largest file of a list (bytes), and most texts in all lists together. */
export const listBytes = 128 << 20;
export const mostTexts = 1_000_000;
