import type { Distribution } from '../../model/package.ts';

/** Red Hat's and SUSE's products that are one vendor's, whatever each calls itself. */
const vendors = new Map([
  ['rhel', 'redhat'],
  ['sled', 'suse'],
  ['sles', 'suse'],
  ['sles_sap', 'suse'],
  ['sle_hpc', 'suse'],
  ['sle-micro', 'suse'],
  ['sl-micro', 'suse'],
  ['suse-microos', 'suse'],
]);

/**
 * The namespace of a package URL: the vendor in lower case (purl specification, type `rpm`: `fedora`, `opensuse`), as
 * Red Hat and SUSE write themselves in their own documents; the distribution's own id everywhere else.
 */
export function vendorOf({ id }: Distribution): string {
  return id.startsWith('opensuse') ? 'opensuse' : (vendors.get(id) ?? id);
}

/**
 * The distribution as OSV writes it (OSV schema, defined ecosystems). Not here: Red Hat, whose products content sets tell
 * (products.ts), and SUSE Linux Enterprise, whose advisories are filed by module and support phase (`Linux Enterprise Module
 * for Basesystem 15 SP5`, `Linux Enterprise Server 15 SP5-LTSS`), which nothing in the image tells: a guess would find
 * nothing and look like a pass. Nor those that OSV has no ecosystem for: CentOS, Fedora, Oracle Linux, Amazon Linux,
 * Bottlerocket, openSUSE MicroOS.
 */
export function namespaceOf(distribution: Distribution): string | undefined {
  const { id, version } = distribution;
  if (id === 'opensuse-tumbleweed') return 'openSUSE:Tumbleweed';
  if (version === '') return undefined;
  const dot = version.indexOf('.');
  const major = dot < 0 ? version : version.slice(0, dot);
  switch (id) {
    case 'almalinux':
      return `AlmaLinux:${major}`;
    case 'rocky':
      return `Rocky Linux:${major}`;
    case 'azurelinux':
    // What Azure Linux was called up to its release 2.
    case 'mariner':
      return `Azure Linux:${major}`;
    case 'mageia':
      return `Mageia:${major}`;
    case 'photon':
      return photonRelease(version);
    case 'opensuse-leap':
      return `openSUSE:Leap ${version}`;
    case 'opensuse-leap-micro':
      return `openSUSE:Leap Micro ${version}`;
    case 'openeuler':
      return openEulerRelease(distribution);
    default:
      return undefined;
  }
}

/** `Photon OS:3.0`: always with the second number. */
function photonRelease(version: string): string {
  return `Photon OS:${version.includes('.') ? version : `${version}.0`}`;
}

/** `openEuler 22.03 (LTS-SP3)` is `openEuler:22.03-LTS-SP3`; releases without long-term support have no advisories. */
function openEulerRelease(distribution: Distribution): string | undefined {
  const { name, version } = distribution;
  const open = name.indexOf('(LTS');
  const close = name.indexOf(')', open);
  return open < 0 || close < 0 ? undefined : `openEuler:${version}-${name.slice(open + 1, close)}`;
}
