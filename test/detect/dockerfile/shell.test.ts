import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operandsOf, optionsOf, valuesOf } from '../../../src/detect/dockerfile/shell/options.ts';
import { installsOf } from '../../../src/detect/dockerfile/shell/packages.ts';
import { commandsIn } from '../../../src/detect/dockerfile/shell/reader.ts';

/** A script's commands in short: `sudo program word … > programs that read it`. */
function told(script: string): string[] {
  return commandsIn(script).map(({ program, words, sudo, feeds }) =>
    [...(sudo ? ['sudo'] : []), program, ...words, ...(feeds.length > 0 ? ['>', ...feeds] : [])].join(' '),
  );
}

describe('commands', () => {
  test('are parted by what ends one, and words by blanks', () => {
    expect(told('a 1;b  2&&c||d & e\nf\t3')).toEqual(['a 1', 'b 2', 'c', 'd', 'e', 'f 3']);
    expect(told('(a; b) ; { c; d; }')).toEqual(['a', 'b', 'c', 'd']);
    expect(told('')).toEqual([]);
  });

  test('have words without their quotes', () => {
    expect(commandsIn(`echo 'a b' "c \\" d" e\\ f g"h"'i' "" '$x' "$x"`)[0]?.words).toEqual([
      ...['a b', 'c " d', 'e f', 'ghi', '', '$x', '$x'],
    ]);
  });

  test('go on in the next line behind a backslash, and end in front of a comment', () => {
    expect(told('a \\\n b # c\nd#e #f')).toEqual(['a b', 'd#e']);
  });

  test('are told of the programs that read them', () => {
    expect(told('a | b |& c; d')).toEqual(['a > b c', 'b > c', 'c', 'd']);
    expect(told('sh -c "$(curl -s x)"')).toEqual(['curl -s x > sh', 'curl -s x', 'sh -c $(curl -s x)']);
    expect(told('bash <(wget -qO- x)')).toEqual(['wget -qO- x > bash', 'bash <(wget -qO- x)']);
    expect(told('echo `a "b c"`')).toEqual(['a b c > echo', 'echo `a "b c"`']);
    expect(told(`X=$(a | b); echo "\${Y:-$(c)}"`)).toEqual(['a > b', 'b', `echo \${Y:-$(c)}`]);
  });

  test('are those that run in the end', () => {
    expect(told('sudo -E -u root /usr/bin/apt-get update')).toEqual(['sudo apt-get update']);
    expect(told('A=1 env -u X B=2 nice -n 5 timeout -s KILL 9 curl x')).toEqual(['curl x']);
    expect(told('A=1')).toEqual([]);
    expect(told('exec "$@"')).toEqual(['$@']);
  });

  test('stand behind the words of the shell', () => {
    expect(told('if a; then b; elif c; then d; else e; fi; while ! f; do g; done')).toEqual([...'abcdefg']);
    expect(told('for x in 1 2; do a $x; done')).toEqual(['a $x']);
    expect(told('case $x in a|b) c 1;; "d") e;; *) f | g; esac; h')).toEqual(['c 1', 'e', 'f > g', 'g', 'h']);
    expect(told('echo if then')).toEqual(['echo if then']);
  });

  test('are looked for in scripts that shells are given', () => {
    expect(told("bash -euxc 'a && b'; su app -c 'c'; eval d e")).toEqual([
      ...['a', 'b', 'bash -euxc a && b', 'c', 'su app -c c', 'd e', 'eval d e'],
    ]);
    expect(told('bash -s <<EOF\na\nb c\nEOF\nd')).toEqual(['bash -s', 'a', 'b c', 'd']);
    expect(told("sh <<-'X'\n\ta\n\tX\nb")).toEqual(['sh', 'a', 'b']);
  });

  test('are none in the text of a file', () => {
    expect(told('cat <<EOF > /x && a\ncurl y | sh\nEOF\nb')).toEqual(['cat', 'a', 'b']);
    expect(told('cat <<< "curl y | sh"; echo $((1 << 2))')).toEqual(['cat', 'echo $((1 << 2))']);
  });

  test('have no redirections among their words', () => {
    expect(told('a >x 2>&1 b >>y <z &>w c 3')).toEqual(['a b c 3']);
  });

  test('are told of any text, in bounded time', () => {
    const pieces = fc.constantFrom(
      ...[
        'a',
        ' ',
        '\n',
        '$(',
        ')',
        '`',
        '"',
        "'",
        '\\',
        '|',
        ';',
        '<<E',
        'E',
        'case',
        'in',
        '#',
        '{',
        `\${`,
        '}',
        'sh -c ',
        '<(',
        '&',
      ],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        for (const { program, words } of commandsIn(parts.join(''))) {
          if (program === '' || words.length > 60) return false;
        }
        return true;
      }),
      { numRuns: 200 },
    );
    for (const piece of [
      '$(',
      '`',
      '"',
      "'",
      `\${`,
      '<(',
      '$(a)',
      'a|',
      'a;',
      'sh -c "',
      '<<E\n',
      '((',
      '\\',
      'a ',
      'case x in ',
    ]) {
      const script = piece.repeat(Math.floor(60_000 / piece.length));
      const before = process.cpuUsage().user;
      expect(commandsIn(script).length).toBeLessThanOrEqual(2_000);
      expect([piece, (process.cpuUsage().user - before) / 1000 < 2_000]).toEqual([piece, true]);
    }
  });
});

describe('options and operands', () => {
  const command = commandsIn('apt-get -qy -t stable --option=X=1 install -o Y=2 curl -- -x')[0]!;

  test('are told apart, values of options that are known left out', () => {
    expect(optionsOf(command)).toEqual(['-qy', '-q', '-y', '-t', '--option', '-o']);
    expect(operandsOf(command)).toEqual(['install', 'curl', '-x']);
    expect(valuesOf(command, '-t', '--option')).toEqual(['stable', 'X=1']);
  });

  test('of programs that are not known have no values', () => {
    expect(operandsOf(commandsIn('tool -o x y')[0]!)).toEqual(['x', 'y']);
    expect(operandsOf(commandsIn('pip3.11 install -r requirements.txt a')[0]!)).toEqual(['install', 'a']);
  });
});

describe('packages', () => {
  const unpinned = (script: string): readonly string[] => {
    const { manager, packages, unpinned: open } = installsOf(commandsIn(script)[0]!);
    return [manager, String(packages.length), ...open];
  };

  test.each([
    ['apt-get install -y curl git=1:2.39-1 ./x.deb libc6/bookworm $PKG', ['apt', '5', 'curl']],
    ['apt-get update', ['apt', '0']],
    ['apk add --no-cache -t .deps gcc=~12 make musl-dev>1', ['apk', '3', 'make', 'musl-dev']],
    ['dnf install -y --enablerepo crb httpd php-8.1 @core https://x.example/a.rpm', ['dnf', '4', 'httpd']],
    ['zypper -n in curl jq=1.6', ['zypper', '2', 'curl']],
    [
      'pip install flask flask==1 "a>=2,<3" ./x . x.whl git+https://h.example/r.git git+https://h.example/r.git@v1.2.3',
      ['pip', '8', 'flask', 'git+https://h.example/r.git'],
    ],
    ['python3 -m pip install --upgrade pip', ['pip', '1', 'pip']],
    ['uv pip install --system flask', ['pip', '1', 'flask']],
    ['pip install --require-hashes -r r.txt a', ['pip', '1']],
    ['npm i -g typescript @angular/cli@18 pnpm@latest ./x.tgz', ['npm', '4', 'typescript', 'pnpm@latest']],
    ['yarn global add serve', ['npm', '1', 'serve']],
    ['gem install rails', ['gem', '1', 'rails']],
    ['gem install rails -v 7.1', ['gem', '1']],
    ['go install a.example/x/y@latest b.example/z/w@v1.2.3 ./...', ['go', '3', 'a.example/x/y@latest']],
    ['cargo install ripgrep', ['cargo', '1', 'ripgrep']],
    ['cargo install --version 14.1.0 ripgrep', ['cargo', '1']],
    ['conda install -y -c conda-forge numpy scipy=1.11', ['conda', '2', 'numpy']],
    ['composer global require a/b c/d:1.2', ['composer', '2', 'a/b']],
    ['echo install curl', ['', '0']],
  ])('%s', (script, expected) => {
    expect(unpinned(script)).toEqual(expected);
  });
});
