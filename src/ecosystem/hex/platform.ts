/**
 * The applications of Erlang/OTP (erlang.org, "Applications", those of older releases too) and of Elixir. They come with
 * the language and are not published on Hex.
 */
const applications = new Set([
  ...['asn1', 'common_test', 'compiler', 'crypto', 'debugger', 'dialyzer', 'diameter', 'edoc', 'eldap', 'erl_docgen'],
  ...['erl_interface', 'erts', 'et', 'eunit', 'ftp', 'gs', 'ic', 'inets', 'jinterface', 'kernel', 'megaco', 'mnesia'],
  ...['observer', 'odbc', 'orber', 'os_mon', 'ose', 'otp_mibs', 'parsetools', 'percept', 'public_key', 'reltool'],
  ...['runtime_tools', 'sasl', 'snmp', 'ssh', 'ssl', 'stdlib', 'syntax_tools', 'test_server', 'tftp', 'toolbar'],
  ...['tools', 'tv', 'typer', 'webtool', 'wx', 'xmerl', 'cosEvent', 'cosEventDomain', 'cosFileTransfer'],
  ...[
    'cosNotification',
    'cosProperty',
    'cosTime',
    'cosTransactions',
    'appmon',
    'hipe',
    'docgen',
    'inviso',
    'nteventlog',
  ],
  ...['pman', 'elixir', 'eex', 'ex_unit', 'iex', 'logger', 'mix'],
]);

/** Whether an application is a part of Erlang/OTP or Elixir itself. */
export function isPlatform(name: string): boolean {
  return applications.has(name);
}
