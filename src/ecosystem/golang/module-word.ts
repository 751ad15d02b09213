/** The longest module path or version that is believed. */
const maxWordLength = 1_024;

/** Module paths and versions are printable ASCII without blanks, quotes and backslashes. */
export function isModuleWord(word: string | undefined): word is string {
  if (word === undefined || word === '' || word.length > maxWordLength) return false;
  for (let i = 0; i < word.length; i++) {
    const c = word.charCodeAt(i);
    if (c <= 0x22 || c === 0x5c || c === 0x60 || c >= 0x7f) return false;
  }
  return true;
}
