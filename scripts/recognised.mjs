// The README's table of what is recognised, made from the plugins themselves.
import { bundled } from './bundled.mjs';

/** A release of each distribution that advisories are known for, or are known not to be: what its plugin is asked with. */
const distributions = [
  ['alpine', '3.18.9', 'Alpine Linux v3.18'],
  ['wolfi', '20230201', 'Wolfi'],
  ['chainguard', '20230214', 'Chainguard'],
  ['debian', '12', 'Debian GNU/Linux 12 (bookworm)'],
  ['ubuntu', '22.04', 'Ubuntu 22.04.3 LTS'],
  ['almalinux', '9.2', 'AlmaLinux 9.2'],
  ['rocky', '9.2', 'Rocky Linux 9.2'],
  ['rhel', '9.2', 'Red Hat Enterprise Linux 9.2'],
  ['azurelinux', '3.0.20240609', 'Microsoft Azure Linux 3.0'],
  ['mariner', '2.0', 'CBL-Mariner/Linux'],
  ['opensuse-leap', '15.5', 'openSUSE Leap 15.5'],
  ['opensuse-tumbleweed', '20230101', 'openSUSE Tumbleweed'],
  ['sles', '15.5', 'SUSE Linux Enterprise Server 15 SP5'],
  ['openeuler', '22.03', 'openEuler 22.03 (LTS-SP3)'],
  ['mageia', '9', 'Mageia 9'],
  ['fedora', '39', 'Fedora Linux 39'],
  ['photon', '5.0', 'VMware Photon OS/Linux'],
  ['amzn', '2023', 'Amazon Linux 2023'],
  ['ol', '9.2', 'Oracle Linux Server 9.2'],
  ['arch', '', 'Arch Linux'],
].map(([id, version, name]) => ({ id, version, name, like: [] }));

/** Names of packages in every form that an ecosystem may want. */
const names = ['a', 'a/b', 'a:b', 'example.org/a/b', 'github.com/a/b', 'openssl'];

/** The table in Markdown: a row a kind of package. */
export async function recognisedTable() {
  const { ecosystems } = await bundled({ entryPoints: ['src/ecosystem/list.gen.ts'] });
  const rows = [...ecosystems].sort((a, b) => (a.title.toLowerCase() < b.title.toLowerCase() ? -1 : 1)).map(rowOf);
  return [
    '| packages | installed, told from | declared, told from | advisories of |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function rowOf(ecosystem) {
  const told = (declared) =>
    ecosystem.recognises
      .filter(({ presence }) => (presence === 'declared') === declared)
      .map(({ what }) => cell(what))
      .join('; ');
  return `| ${cell(ecosystem.title)} (\`${ecosystem.id}\`) | ${told(false)} | ${told(true)} | ${advisoriesOf(ecosystem).join(', ')} |`;
}

/** The namespaces of OSV that its packages are looked up in, without releases. */
function advisoriesOf(ecosystem) {
  const found = new Set();
  for (const distribution of ecosystem.database ? distributions : [undefined]) {
    if (distribution !== undefined && ecosystem.native?.(distribution) === false) continue;
    for (const name of names) {
      const record = { name, version: '1.0.0', presence: 'installed' };
      const key = ecosystem.advisories(record, distribution);
      if (key !== undefined) found.add(key.ecosystem.split(':')[0]);
    }
  }
  return [...found].sort();
}

function cell(text) {
  return text.replaceAll('|', '\\|');
}
