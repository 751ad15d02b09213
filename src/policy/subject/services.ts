import type { ImageFacts } from '../../model/image-facts.ts';
import type { Package } from '../../model/package.ts';

/**
 * Ports that belong to one well-known service (IANA, "Service Name and Transport Protocol Port Number Registry", and the
 * makers' own documents), with what packages and programs that serve it begin with. Ports that any application may take
 * for HTTP (80, 443, 3000, 5000, 8000, 8080, 8443 …) are left out: nobody can tell what serves them.
 */
const services: readonly (readonly [ports: readonly number[], programs: string])[] = [
  [[21], 'vsftpd proftpd pure-ftpd ftpd ftp-server bftpd lftpd tnftpd busybox'],
  [
    [22],
    'openssh ssh sshd dropbear tinyssh paramiko asyncssh gogs gitea gitlab sftp apache-sshd libssh wish teleport russh thrussh',
  ],
  [[23], 'telnet inetutils-telnetd busybox utelnetd'],
  [
    [25, 465, 587],
    'postfix exim sendmail opensmtpd smtp msmtp qmail courier haraka maddy stalwart mailpit mailhog aiosmtpd nodemailer james-server rspamd nullmailer dma ssmtp',
  ],
  [
    [53],
    'bind named unbound dnsmasq coredns knot pdns nsd pihole dns adguard blocky kresd systemd-resolved hickory trust-dns miekg',
  ],
  [[69], 'tftp atftpd in.tftpd dnsmasq busybox'],
  [[110, 143, 993, 995], 'dovecot cyrus courier imap pop3 maddy stalwart uw-imap exchange james-server greenmail'],
  [[111, 2049], 'nfs rpcbind portmap ganesha unfs3'],
  [[137, 138, 139, 445], 'samba smbd nmbd ksmbd impacket smb'],
  [[161, 162], 'snmp net-snmp snmpd telegraf zabbix'],
  [[389, 636], 'openldap slapd ldap 389-ds lldap glauth samba authentik opendj apacheds unboundid'],
  [[512, 513, 514], 'rsh rlogin rsyslog syslog inetutils fluent vector logstash telegraf promtail alloy loki'],
  [[873], 'rsync'],
  [[1433, 1434], 'mssql sqlservr sql-server babelfish azure-sql-edge'],
  [[1521], 'oracle tnslsnr database-xe'],
  [[1883, 8883], 'mosquitto emqx mqtt hivemq vernemq rabbitmq nanomq rumqtt activemq aedes moquette artemis'],
  [[2181], 'zookeeper clickhouse-keeper kafka solr curator'],
  [[2375, 2376], 'docker dockerd podman moby dind socket-proxy haproxy'],
  [[2379, 2380], 'etcd k3s kine tikv pd-server'],
  [[3306, 33060], 'mysql mysqld mariadb percona proxysql maxscale tidb vitess galera dolt vtgate go-mysql'],
  [[3389], 'xrdp freerdp rdp guacd guacamole gnome-remote-desktop'],
  [[4369, 5671, 5672, 15672], 'rabbitmq lavinmq qpid activemq artemis erlang amqp emqx ejabberd elixir vernemq'],
  [
    [5432, 6432],
    'postgres postgresql pgbouncer pgpool cockroach timescaledb yugabyte edgedb pgcat supavisor odyssey pglite pgwire patroni spilo libpq',
  ],
  [[5900, 5901], 'vnc x11vnc tigervnc tightvnc realvnc x0vncserver turbovnc libvnc qemu wayvnc xvnc kasmvnc'],
  [[5984], 'couchdb pouchdb couchbase'],
  [
    [6379, 16379, 26379],
    'redis valkey keydb dragonfly twemproxy nutcracker envoy garnet kvrocks ledisdb sentinel miniredis redcon',
  ],
  [[7000, 7001, 9042], 'cassandra scylla dse gocql weblogic'],
  [[8086], 'influx telegraf victoria'],
  [[8125], 'statsd telegraf datadog netdata vector brubeck'],
  [[9092], 'kafka redpanda warpstream redhat-amq strimzi automq'],
  [[9200, 9300], 'elasticsearch opensearch zincsearch quickwit wazuh manticore opendistro'],
  [[11211], 'memcached couchbase moxi mcrouter twemproxy infinispan'],
  [[27017, 27018, 27019], 'mongo ferretdb percona-server-mongodb documentdb'],
];

const byPort = new Map(
  services.flatMap(([ports, programs]) => ports.map((port) => [port, programs.split(' ')] as const)),
);

/** The number of a port as images write it: `8080/tcp`, `8080`, and of a range the first. */
export function portNumber(port: string): number | undefined {
  const number = /^\d{1,5}/.exec(port)?.[0];
  return number === undefined || Number(number) > 65_535 ? undefined : Number(number);
}

/** Exposed ports that belong to a well-known service of which no package and no program is in the image, sorted. */
export function unservedPorts(
  facts: Pick<ImageFacts, 'ports' | 'entrypoint' | 'cmd'>,
  packages: readonly Package[],
): number[] {
  const numbers = new Set(facts.ports.map(portNumber).filter((port) => port !== undefined));
  const known = [...numbers].filter((port) => byPort.has(port)).sort((a, b) => a - b);
  if (known.length === 0) return [];
  const names = new Set([...facts.entrypoint, ...facts.cmd].flatMap(wordsOfCommand));
  for (const { name, origin } of packages) for (const text of [name, origin?.name]) if (text) names.add(lastName(text));
  return known.filter((port) => !isServed(byPort.get(port) ?? [], names));
}

/** Whether any name has a word that a program's name begins: `postgresql-15` and `percona-postgresql` have one. */
function isServed(programs: readonly string[], names: ReadonlySet<string>): boolean {
  for (const name of names) {
    if (programs.some((program) => name.startsWith(program) || name.includes(`-${program}`))) return true;
  }
  return false;
}

/** `redis-server` of `exec /usr/bin/redis-server --port 1`, with all other words: a shell's command line is one argument. */
function wordsOfCommand(argument: string): string[] {
  return argument
    .slice(0, 2000)
    .split(/[\s;&|"'`()=]+/)
    .filter((word) => word !== '')
    .map(lastName);
}

/** The last part of a path, module or group, in lower case. */
function lastName(text: string): string {
  return text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf(':')) + 1).toLowerCase();
}
