import { describe, expect, test } from "vitest";
import { parseXml, textOf } from "./xml.ts";

describe("what is well-formed is read", () => {
  test.each([
    ["<a/>", { name: "a", attributes: {}, children: [] }],
    [
      '<?xml version="1.0" encoding="UTF-8"?>\n<!-- hello -->\n<a b="1" c=\'"2"\'>x</a >',
      { name: "a", attributes: { b: "1", c: '"2"' }, children: ["x"] },
    ],
    ["<a>1 &lt; 2 &amp;&amp; &#65;&#x1F600;</a>", { name: "a", attributes: {}, children: ["1 < 2 && A😀"] }],
    ["<a><![CDATA[<b>&amp;]]></a>", { name: "a", attributes: {}, children: ["<b>&amp;"] }],
    ["<a>x<b/>y</a>", { name: "a", attributes: {}, children: ["x", { name: "b", attributes: {}, children: [] }, "y"] }],
    ["\ufeff<a/>", { name: "a", attributes: {}, children: [] }],
    ['<a b="&quot;&apos;\n"/>', { name: "a", attributes: { b: "\"' " }, children: [] }],
    ["<a><?php nothing ?>नमस्ते</a>", { name: "a", attributes: {}, children: ["नमस्ते"] }],
  ])("%s", (text, element) => expect(parseXml(text)).toEqual(element));

  test("blanks in spoken text are folded, marks read through", () => {
    expect(textOf(parseXml("<Say>\n  one <prosody rate='slow'>two</prosody>\n\tthree </Say>"))).toBe("one two three");
  });
});

describe("what is not well-formed is refused, and where", () => {
  test.each([
    ["", "there is no element"],
    ["hello", "there is no element"],
    ["<a>", "<a> doesn't end"],
    ["<a></b>", "<a> is not ended by its own name"],
    ["<a><b></a></b>", "<b> is not ended by its own name"],
    ["<a/><b/>", "something follows"],
    ["<a b=1/>", "the quote around b is missing"],
    ['<a b="1" b="2"/>', "<a> has b twice"],
    ['<a b="1"c="2"/>', "a blank is missing"],
    ['<a b="<"/>', "the closing quote of b is missing"],
    ["<a>fish & chips</a>", "a bare & must be written &amp;"],
    ["<a>&nbsp;</a>", "there is no entity &nbsp;"],
    ["<a>&#0;</a>", "is no character of XML"],
    ["<a>\u0000</a>", "a character is not one of XML's"],
    ["<a>]]></a>", "]]> must not stand in a text"],
    ["<a><!-- -- --></a>", "-- must not stand in a comment"],
    ["<a><![CDATA[x</a>", "a CDATA section doesn't end"],
    ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "a document type is not accepted"],
    [' <?xml version="1.0"?><a/>', "must be the very first"],
    ['<?xml version="2.0"?><a/>', "the XML declaration is not one"],
    ["<1/>", "the name of an element is missing"],
  ])("%s", (text, why) => expect(() => parseXml(text)).toThrow(why));

  test("the line and the column are told", () => expect(() => parseXml("<a>\n  &b</a>")).toThrow("line 2, column 4"));
});
