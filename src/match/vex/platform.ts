import type { Distribution } from '../../model/package.ts';

/** What the makers of distributions call them in a CPE (NIST IR 7695), `vendor:product`, and their `ID` in os-release. */
const distributions: ReadonlyMap<string, string> = new Map([
  ['redhat:enterprise_linux', 'rhel'],
  ['redhat:rhel', 'rhel'],
  ['almalinux:almalinux', 'almalinux'],
  ['rocky:rocky', 'rocky'],
  ['resf:rocky_linux', 'rocky'],
  ['centos:centos', 'centos'],
  ['oracle:linux', 'ol'],
  ['fedoraproject:fedora', 'fedora'],
  ['amazon:linux', 'amzn'],
  ['amazon:linux_2', 'amzn'],
  ['suse:sles', 'sles'],
  ['suse:sle-micro', 'sle-micro'],
  ['suse:linux_enterprise_server', 'sles'],
  ['opensuse:leap', 'opensuse-leap'],
  ['opensuse:tumbleweed', 'opensuse-tumbleweed'],
  ['debian:debian_linux', 'debian'],
  ['canonical:ubuntu_linux', 'ubuntu'],
  ['alpinelinux:alpine_linux', 'alpine'],
]);

/**
 * Whether a CPE names the distribution: `cpe:/o:redhat:enterprise_linux:9::baseos` is Red Hat Enterprise Linux 9 with all
 * of its point releases, as are its repositories, whose part is `a`. What is to be said of one point release names it.
 */
export function isDistributionCpe(cpe: string, distribution: Distribution): boolean {
  const fields = fieldsOf(cpe);
  if (fields === undefined) return false;
  const { part, vendor, product, version, update, edition } = fields;
  if ((part !== 'o' && part !== 'a') || distributions.get(`${vendor}:${product}`) !== distribution.id) return false;
  // What is sold on top of a release has other packages, and so may another processor.
  if (!commonEditions.test(edition)) return false;
  if (version === '') return true;
  // SUSE has the service pack in the field for updates.
  const servicePack = /^sp(\d{1,2})$/.exec(update)?.[1];
  const full = servicePack === undefined ? version : `${version}.${servicePack}`;
  return distribution.version === full || distribution.version.startsWith(`${full}.`);
}

interface Fields {
  readonly part: string;
  readonly vendor: string;
  readonly product: string;
  readonly version: string;
  readonly update: string;
  /** Software edition and hardware, as `edition~hardware`. */
  readonly edition: string;
}

/** Everybody's edition, on the processors whose names in CPEs say little: `x64` is what most images are for. */
const commonEditions = /^(?:lts|server)?~(?:x64|x86_64|amd64)?$/;

/** The fields of a CPE 2.2 or 2.3 that tell systems apart; what stands for any value is empty. */
function fieldsOf(cpe: string): Fields | undefined {
  const lower = cpe.slice(0, 500).toLowerCase();
  const isOld = lower.startsWith('cpe:/');
  if (!isOld && !lower.startsWith('cpe:2.3:')) return undefined;
  const plain = (field: string): string => (field === '*' || field === '-' ? '' : field.replaceAll('\\', ''));
  const fields = lower
    .slice(isOld ? 5 : 8)
    .split(':')
    .map(plain);
  const [part = '', vendor = '', product = '', version = '', update = '', sixth = ''] = fields;
  // CPE 2.2 packs what came with 2.3 into one field: ~edition~software edition~target software~hardware~other.
  const packed = sixth.startsWith('~') ? sixth.split('~').map(plain) : [];
  const [edition = '', hardware = ''] = isOld ? [packed[2], packed[4]] : [fields[7], fields[9]];
  return { part, vendor, product, version, update, edition: `${edition}~${hardware}` };
}
