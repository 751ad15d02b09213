/** Who publishes records whose ids begin so, up to the first `-` (OSV schema, "id"; the databases' own pages). */
const byPrefix = new Map([
  ['ALBA', 'AlmaLinux'],
  ['ALEA', 'AlmaLinux'],
  ['ALPINE', 'Alpine'],
  ['ALSA', 'AlmaLinux'],
  ['ASB', 'Android'],
  ['AZL', 'Azure Linux'],
  ['BELL', 'BellSoft'],
  ['BIT', 'Bitnami'],
  ['CGA', 'Chainguard'],
  ['CURL', 'curl'],
  ['CVE', 'NVD'],
  ['DEBIAN', 'Debian'],
  ['DLA', 'Debian'],
  ['DRUPAL', 'Drupal'],
  ['DSA', 'Debian'],
  ['DTSA', 'Debian'],
  ['ECHO', 'Echo'],
  ['EEF', 'Erlang Ecosystem Foundation'],
  ['ELA', 'Freexian'],
  ['GHSA', 'GitHub'],
  ['GO', 'Go'],
  ['GSD', 'GSD'],
  ['HSEC', 'Haskell'],
  ['JLSEC', 'Julia'],
  ['LSN', 'Ubuntu'],
  ['MAL', 'OpenSSF'],
  ['MGASA', 'Mageia'],
  ['MINI', 'MinimOS'],
  ['OESA', 'openEuler'],
  ['OSV', 'OSS-Fuzz'],
  ['PSF', 'Python Software Foundation'],
  ['PYSEC', 'PyPA'],
  ['RHBA', 'Red Hat'],
  ['RHEA', 'Red Hat'],
  ['RHSA', 'Red Hat'],
  ['RLSA', 'Rocky Linux'],
  ['RLBA', 'Rocky Linux'],
  ['RLEA', 'Rocky Linux'],
  ['RXSA', 'Rocky Linux'],
  ['RSEC', 'R Consortium'],
  ['RUSTSEC', 'RustSec'],
  ['SUSE', 'SUSE'],
  ['UBUNTU', 'Ubuntu'],
  ['USN', 'Ubuntu'],
  ['openSUSE', 'openSUSE'],
]);

/** Who publishes the records with these ids, each once, sorted; of a prefix that nobody is known for, the prefix itself. */
export function publishersOf(advisories: readonly string[]): readonly string[] {
  const names = new Set<string>();
  for (const id of advisories) {
    const dash = id.indexOf('-');
    const prefix = dash < 0 ? id : id.slice(0, dash);
    names.add(byPrefix.get(prefix) ?? prefix);
  }
  return [...names].sort();
}
