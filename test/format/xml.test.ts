import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type XmlOptions, xmlEvents } from '../../src/format/xml.ts';
import { xmlText } from '../../src/format/xml-text.ts';
import { parseXml, type XmlElement } from '../../src/format/xml-tree.ts';
import { SluiceError } from '../../src/util/error.ts';

/** The events as one text: `<name a="1">`, `</name>`, and texts as they are. */
function told(text: string, options?: XmlOptions): string {
  return [...xmlEvents(text, options)]
    .map((event) => {
      if (event.kind === 'text') return event.text;
      if (event.kind === 'close') return `</${event.name}>`;
      return `<${event.name}${[...event.attributes].map(([name, value]) => ` ${name}="${value}"`).join('')}>`;
    })
    .join('');
}

/** The code of the refusal, or `read`. */
function outcome(read: () => unknown): string {
  try {
    read();
    return 'read';
  } catch (thrown) {
    return thrown instanceof SluiceError ? thrown.code : `bug: ${String(thrown)}`;
  }
}

describe('the pieces of a document', () => {
  test.each([
    ['<?xml version="1.0"?>\n<a>\n <b/> </a>\n', '<a><b></b></a>'],
    ['\ufeff<a/><?b?><!-- <c> -->', '<a></a>'],
    ['<x:a xmlns:x="u" x:b=\'1\' c = "2"/>', '<a xmlns:x="u" x:b="1" c="2"></a>'],
    ['<a b=">" c="/"/>', '<a b=">" c="/"></a>'],
    ['<a\n\tb="1"\r\n></a >', '<a b="1"></a>'],
    ['<a>1 &lt; 2 &amp;&#65;&#x42;&quot;&apos;&gt;</a >', '<a>1 < 2 &AB"\'></a>'],
    ['<a b="&lt;&#x10FFFF;"/>', '<a b="<\u{10ffff}"></a>'],
    ['<a><!-- <b> --><![CDATA[<c>&amp;]]></a>', '<a><c>&amp;</a>'],
    ['<a>one<b/>two</a>', '<a>one<b></b>two</a>'],
  ])('%j', (text, events) => {
    expect(told(text)).toBe(events);
  });

  test.each([
    ['', 'malformed', 'it has no element'],
    ['  ', 'malformed', 'it has no element'],
    ['text', 'malformed', 'there is text outside of all elements'],
    ['text<a/>', 'malformed', 'there is text outside of all elements'],
    ['<a/>text', 'malformed', 'there is text outside of all elements'],
    ['<![CDATA[ ]]><a/>', 'malformed', 'there is text outside of all elements'],
    ['<a>', 'malformed', 'it ends within an element'],
    ['<a></b>', 'malformed', 'elements are not closed in order'],
    ['<a:b></c:b>', 'malformed', 'elements are not closed in order'],
    ['</a>', 'malformed', 'elements are not closed in order'],
    ['<a/></a>', 'malformed', 'elements are not closed in order'],
    ['<a/><b/>', 'malformed', 'there is more than one root element'],
    ['<a></a', 'malformed', '</ without >'],
    ['<a', 'malformed', 'a tag does not end'],
    ['<a b="', 'malformed', 'a tag does not end'],
    ['<a <b>', 'malformed', 'a name is missing'],
    ['<>', 'malformed', 'a name is missing'],
    ['< a/>', 'malformed', 'a name is missing'],
    ['<a ="b">', 'malformed', 'a name is missing'],
    ['<a b></a>', 'malformed', 'an attribute has no value'],
    ['<a b=c></a>', 'malformed', 'the value of an attribute has no quotes'],
    ['<a b="1" b="2"/>', 'malformed', 'an attribute stands twice in one tag'],
    ['<a b="<c>"/>', 'malformed', 'a tag stands within the value of an attribute'],
    ['<a / >', 'malformed', 'a tag has a stray slash'],
    [`<${'a'.repeat(129)}>`, 'malformed', 'a name has more than 128 characters'],
    ['<a>&unknown;</a>', 'malformed', 'a reference is none of the five that XML itself knows'],
    ['<a>&#0;</a>', 'malformed', 'a reference is none of the five that XML itself knows'],
    ['<a>&#xD800;</a>', 'malformed', 'a reference is none of the five that XML itself knows'],
    ['<a>&#x110000;</a>', 'malformed', 'a reference is none of the five that XML itself knows'],
    ['<a>&</a>', 'malformed', 'a reference is none of the five that XML itself knows'],
    ['<a b="&"/>', 'malformed', 'a reference is none of the five that XML itself knows'],
    ['<a><!-- </a>', 'malformed', '<!-- without -->'],
    ['<a><![CDATA[ </a>', 'malformed', '<![CDATA[ without ]]>'],
    ['<a><? </a>', 'malformed', '<? without ?>'],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'doctype', 'it has a document type'],
    ['<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 'doctype', 'it has a document type'],
    ['<a>'.repeat(201), 'too-deep', 'elements nest deeper than 200 levels'],
  ])('%j is refused', (text, code, why) => {
    const message = `the XML can not be read: ${why}`;
    expect(() => told(text)).toThrow(expect.objectContaining({ code: `xml/${code}`, message }) as Error);
  });

  test('have names of other references only where that is asked for', () => {
    const text = '<a b="&oslash;">&frac12;&amp;</a>';
    expect(told(text, { keepNamed: true })).toBe('<a b="&oslash;">&frac12;&</a>');
    expect(outcome(() => told(text))).toBe('xml/malformed');
    for (const wrong of ['<a>&</a>', '<a>&#0;</a>', '<a>& x;</a>', '<a>&;</a>', `<a>&${'a'.repeat(11)};</a>`]) {
      expect(outcome(() => told(wrong, { keepNamed: true }))).toBe('xml/malformed');
    }
  });

  test('are no more than the limit', () => {
    expect(told('<a b="c"/>', { items: 2 })).toBe('<a b="c"></a>');
    expect(outcome(() => told('<a b="c"/>', { items: 1 }))).toBe('xml/too-many');
    const count = (text: string) => {
      let events = 0;
      for (const _event of xmlEvents(text)) events++;
      return events;
    };
    expect(count(`<x>${'<a/>'.repeat(499_999)}</x>`)).toBe(1_000_000);
    expect(() => count(`<x>${'<a/>'.repeat(500_000)}</x>`)).toThrow('it has more than 500000 elements and attributes');
  });
});

describe('the text of a document', () => {
  test('is in the encoding that its mark says', () => {
    const text = '<ä/>';
    const wide = Buffer.from(`\uFEFF${text}`, 'utf16le');
    const bytes = [Buffer.from(text), Buffer.from(`\uFEFF${text}`), wide, Buffer.from(wide).swap16()];
    expect(bytes.map(xmlText)).toEqual([text, text, text, text]);
    expect(xmlText(Buffer.from([0xfe, 0xff, 0x00, 0x3c, 0x41]))).toBe('<');
    const marked = '<?xml version="1.0" encoding="utf-16"?><ä/>';
    expect(xmlText(Buffer.from(`\uFEFF${marked}`, 'utf16le'))).toBe(marked);
  });

  test.each([
    ['UTF-8', 'utf8'],
    ['us-ascii', 'utf8'],
    ['ISO-8859-1', 'latin1'],
    ['windows-1252', 'latin1'],
  ] as const)('is in the encoding that its declaration says: %s', (name, encoding) => {
    const text = `<?xml version='1.0' encoding = '${name}' ?><ä/>`;
    expect(xmlText(Buffer.from(text, encoding))).toBe(text);
  });

  test('in another encoding is refused', () => {
    for (const name of ['UTF-16', 'Shift_JIS', 'EBCDIC-CP-DE']) {
      const bytes = Buffer.from(`<?xml version="1.0" encoding="${name}"?><a/>`);
      expect(outcome(() => xmlText(bytes))).toBe('xml/encoding');
    }
    expect(outcome(() => xmlText(Buffer.from('<?xml version="1.0"?><a b=" encoding=\'x\'"/>')))).toBe('read');
  });
});

describe('a document as a whole', () => {
  const shape = ({ name, attributes, children, text }: XmlElement): unknown => ({
    [name]: [Object.fromEntries(attributes), text, ...children.map(shape)],
  });

  test('with everything that is read', () => {
    const text = `\ufeff<?xml version="1.0" encoding="UTF-8"?>
<!-- <a> -->
<x:bom xmlns:x="n" a='1 &lt; "2"'>
  one &amp; two &#x41;&#66;
  <?php echo '<b>' ?>
  <b/><c></c>
  <d  e = "&quot;" ><![CDATA[ <raw> & ]]></d >
</x:bom>`;
    expect(shape(parseXml(text))).toEqual({
      bom: [
        { 'xmlns:x': 'n', a: '1 < "2"' },
        'one & two AB',
        { b: [{}, ''] },
        { c: [{}, ''] },
        { d: [{ e: '"' }, '<raw> &'] },
      ],
    });
    expect(outcome(() => parseXml('<a></b>'))).toBe('xml/malformed');
  });
});

describe('hostile text', () => {
  const piece = fc.constantFrom(
    ...['<a>', '</a>', '<b c="d"/>', '<', '>', '</', '/>', 'a', ' ', '=', '"', "'", '&', ';', '&amp;', '&#x'],
    ...['<!--', '-->', '<![CDATA[', ']]>', '<?', '?>', '<!', 'é', 'x:'],
  );

  test('is read or refused, and never a bug', () => {
    const pieces = fc.array(piece, { maxLength: 30 }).map((parts) => parts.join(''));
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(
        fc.oneof(
          pieces,
          pieces.map((text) => `<a>${text}</a>`),
          fc.string(),
        ),
        (text) => {
          const said = outcome(() => told(text));
          outcomes.add(said);
          expect(said).toMatch(/^read$|^xml\/(malformed|doctype)$/);
          expect(outcome(() => parseXml(text))).toBe(said);
        },
      ),
      { numRuns: 1_000 },
    );
    expect(outcomes).toContain('read');
  });

  test('of any bytes has a text or is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, declared) => {
        const body = Buffer.concat([Buffer.from(declared ? '<?xml version="1.0" encoding="' : ''), bytes]);
        expect(outcome(() => xmlText(body))).toMatch(/^read$|^xml\/encoding$/);
      }),
    );
  });

  test('takes time that grows with its size alone', () => {
    const started = performance.now();
    for (const unit of ['<', '<a ', '<a b="', 'b ', '&', '&#', '<!--', '<![CDATA[', 'b="c" ', '</a>', ' ', '>', 'a']) {
      for (const start of ['<a>', '<a ']) {
        expect(outcome(() => told(start + unit.repeat(1_000_000 / unit.length)))).toMatch(/^xml\/malformed$/);
      }
    }
    expect(outcome(() => told(`<a>${'&amp;'.repeat(200_000)}</a>`))).toBe('read');
    expect(outcome(() => parseXml(`<a>${'<b c="d">e</b>'.repeat(100_000)}</a>`))).toBe('read');
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
