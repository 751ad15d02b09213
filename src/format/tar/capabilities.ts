/** The kernel's capabilities by the number of their bit (capabilities(7), linux/capability.h of Linux 5.9 on). */
const names = [
  ...['chown', 'dac_override', 'dac_read_search', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid', 'setpcap'],
  ...['linux_immutable', 'net_bind_service', 'net_broadcast', 'net_admin', 'net_raw', 'ipc_lock', 'ipc_owner'],
  ...['sys_module', 'sys_rawio', 'sys_chroot', 'sys_ptrace', 'sys_pacct', 'sys_admin', 'sys_boot', 'sys_nice'],
  ...['sys_resource', 'sys_time', 'sys_tty_config', 'mknod', 'lease', 'audit_write', 'audit_control', 'setfcap'],
  ...['mac_override', 'mac_admin', 'syslog', 'wake_alarm', 'block_suspend', 'audit_read', 'perfmon', 'bpf'],
  'checkpoint_restore',
];

/** Bytes of the attribute by its version (linux/capability.h, `XATTR_CAPS_SZ_1` to `_3`): others the kernel refuses. */
const sizes: Readonly<Record<number, number>> = { 1: 12, 2: 20, 3: 24 };

/** The pax record in which layers hold the attribute (OCI image layer specification, "Extended attributes"). */
export const capabilityRecord = 'SCHILY.xattr.security.capability';

/**
 * What a program with the extended attribute `security.capability` may do more than whoever starts it: names as
 * `cap_net_raw`, in the kernel's order, with a blank between; empty where the kernel would not take the attribute.
 */
export function capabilitiesIn(attribute: Buffer): string {
  const version = attribute.length < 4 ? 0 : attribute.readUInt8(3);
  if (attribute.length !== sizes[version]) return '';
  const words = version === 1 ? [0] : [0, 1];
  const found: string[] = [];
  for (const word of words) {
    // Permitted and inheritable, 32 bits of each in turn (struct vfs_cap_data).
    const permitted = attribute.readUInt32LE(4 + word * 8);
    const inheritable = attribute.readUInt32LE(8 + word * 8);
    for (let bit = 0; bit < 32; bit++) {
      const name = names[word * 32 + bit];
      if (name !== undefined && ((permitted | inheritable) >>> bit) & 1) found.push(`cap_${name}`);
    }
  }
  return found.join(' ');
}
