/** Largest configuration file that is kept, in bytes. */
export const documentLimit = 256 * 1024;

/** Files of accounts and of rights, which every rule on users is answered by. */
const files = new Set([
  ...['etc/passwd', 'etc/shadow', 'etc/group', 'etc/gshadow', 'etc/sudoers', 'etc/doas.conf', 'etc/login.defs'],
  ...['etc/ssh/sshd_config', 'etc/redis.conf', 'etc/my.cnf', 'etc/apk/repositories', 'etc/apt/sources.list'],
  ...['etc/pip.conf', 'etc/npmrc', 'etc/securetty', 'etc/profile', 'etc/ld.so.preload', 'etc/crontab'],
  ...['etc/mongod.conf', 'etc/mongodb.conf'],
]);

/** Folders below `etc/` whose files are settings of the programs that images are made for. */
const folders = [
  ...['etc/nginx/', 'etc/httpd/', 'etc/apache2/', 'etc/ssh/sshd_config.d/', 'etc/sudoers.d/', 'etc/redis/'],
  'etc/valkey/',
  ...['etc/mysql/', 'etc/my.cnf.d/', 'etc/php', 'etc/postgresql/', 'etc/tomcat', 'etc/doas.d/', 'etc/pam.d/'],
  ...['etc/apt/sources.list.d/', 'etc/apt/apt.conf.d/', 'etc/yum.repos.d/'],
];

/** Endings that no configuration file of {@link folders} has, and keys, which must not be kept at all. */
const foreign = ['.key', '.pem', '.crt', '.so', '.gz', '.load', '.types'];

/** Names of configuration files that stand in many places, by their last letter. */
const names: Readonly<Record<string, readonly string[]>> = {
  d: ['/.htpasswd'],
  e: ['/Dockerfile', '/Containerfile'],
  f: [
    '/nginx.conf',
    '/httpd.conf',
    '/redis.conf',
    '/postgresql.conf',
    '/pg_hba.conf',
    '/apache2.conf',
    '/sentinel.conf',
  ],
  g: ['/sshd_config'],
  i: ['/php.ini'],
  l: [
    '/tomcat-users.xml',
    '/conf/server.xml',
    '/conf/web.xml',
    '/WEB-INF/web.xml',
    '/elasticsearch.yml',
    '/mongod.yml',
  ],
};

/** Folders in which official images keep the settings of the programs that they are made for. */
const imageFolders = [
  ...['usr/local/nginx/conf/', 'usr/local/apache2/conf/', 'usr/local/etc/php/', 'usr/local/etc/redis/'],
  ...['usr/local/tomcat/conf/', 'opt/bitnami/nginx/conf/'],
];

/** Whether the file at this clean path is kept for the rules on configuration. Asked of every file: it must be quick. */
export function claims(path: string): boolean {
  if (path.startsWith('etc/')) return files.has(path) || (below(folders, path) && !isForeign(path));
  if (path.startsWith('usr/local/') || path.startsWith('opt/bitnami/')) {
    if (below(imageFolders, path)) return !isForeign(path);
  }
  const alike = names[path[path.length - 1] ?? ''];
  return alike?.some((name) => path.endsWith(name) || path === name.slice(1)) === true;
}

function below(list: readonly string[], path: string): boolean {
  for (const folder of list) if (path.startsWith(folder)) return true;
  return false;
}

function isForeign(path: string): boolean {
  for (const ending of foreign) if (path.endsWith(ending)) return true;
  return false;
}
