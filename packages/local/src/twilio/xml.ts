/** An element of a document. `children` are elements and texts in their order; attributes keep their names' case. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
}

/** The document is not well-formed. The message says where, and why. */
export class XmlError extends Error {
  override readonly name = "XmlError";
}

const NAME = /[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?/y;
const BLANK = /[ \t\r\n]*/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** What XML 1.0 allows in a text. */
const allowed = (code: number) =>
  code === 0x9 ||
  code === 0xa ||
  code === 0xd ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x1_0000 && code <= 0x10_ffff);

/**
 * Reads an XML document, strictly: what is not well-formed is refused, so that a document which passes here passes elsewhere. A document
 * type is refused too: nobody needs one, and its entities are a way to attack. Throws `XmlError`.
 */
export function parseXml(text: string): Element {
  const source = text.startsWith("\ufeff") ? text.slice(1) : text;
  let at = 0;

  const fail = (why: string): never => {
    const before = source.slice(0, at).split("\n");
    throw new XmlError(`line ${before.length}, column ${(before.at(-1) ?? "").length + 1}: ${why}`);
  };
  const looksAt = (expected: string) => source.startsWith(expected, at);
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0] ?? "";
    at += found.length;
    return found;
  };
  const skip = (expected: string, what = `"${expected}"`) => {
    if (!looksAt(expected)) fail(`${what} is missing`);
    at += expected.length;
  };
  const upTo = (end: string, what: string): string => {
    const found = source.indexOf(end, at);
    if (found === -1) fail(`${what} doesn't end`);
    const inside = source.slice(at, found);
    at = found + end.length;
    return inside;
  };

  function nameHere(what: string): string {
    return take(NAME) || fail(`the name of ${what} is missing`);
  }

  function reference(): string {
    skip("&");
    const name = /^(#x[\dA-Fa-f]{1,6}|#\d{1,7}|[a-z]{2,4});/.exec(source.slice(at, at + 10))?.[1] ?? fail("a bare & must be written &amp;");
    at += name.length + 1;
    if (!name.startsWith("#")) return ENTITIES[name] ?? fail(`there is no entity &${name};`);
    const code = name.startsWith("#x") ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return allowed(code) ? String.fromCodePoint(code) : fail(`&${name}; is no character of XML`);
  }

  /** Text up to one of the characters that end it. */
  function characters(ends: string): string {
    let found = "";
    while (at < source.length && !ends.includes(source.charAt(at))) {
      if (looksAt("&")) found += reference();
      else {
        if (looksAt("]]>")) fail("]]> must not stand in a text");
        found += source.charAt(at);
        at += 1;
      }
    }
    return found;
  }

  function attributesHere(element: string): Readonly<Record<string, string>> {
    const attributes: Record<string, string> = {};
    for (;;) {
      const blank = take(BLANK);
      if (looksAt(">") || looksAt("/>")) return attributes;
      if (blank === "") fail(`a blank is missing in <${element}>`);
      const name = nameHere(`an attribute of <${element}>`);
      if (Object.hasOwn(attributes, name)) fail(`<${element}> has ${name} twice`);
      take(BLANK);
      skip("=", `the value of ${name}`);
      take(BLANK);
      const quote = looksAt('"') ? '"' : "'";
      skip(quote, `the quote around ${name}`);
      const value = characters(`<${quote}`);
      skip(quote, `the closing quote of ${name}`);
      attributes[name] = value.replaceAll(/[\t\r\n]/g, " ");
    }
  }

  /** What may stand anywhere and says nothing. True if there was something. */
  function aside(): boolean {
    if (looksAt("<!--")) {
      at += 4;
      if (upTo("-->", "a comment").includes("--")) fail("-- must not stand in a comment");
      return true;
    }
    if (looksAt("<!DOCTYPE")) fail("a document type is not accepted");
    if (!looksAt("<?")) return false;
    at += 2;
    if (/^xml\b/i.test(upTo("?>", "a processing instruction"))) fail("the XML declaration must be the very first");
    return true;
  }

  function elementHere(): Element {
    skip("<");
    const name = nameHere("an element");
    const attributes = attributesHere(name);
    if (looksAt("/>")) {
      at += 2;
      return { name, attributes, children: [] };
    }
    skip(">");
    const children: (Element | string)[] = [];
    for (;;) {
      const text = characters("<");
      if (text !== "") children.push(text);
      if (at >= source.length) fail(`<${name}> doesn't end`);
      if (aside()) continue;
      if (looksAt("<![CDATA[")) {
        at += 9;
        children.push(upTo("]]>", "a CDATA section"));
      } else if (looksAt("</")) {
        at += 2;
        if (nameHere("the end") !== name) fail(`<${name}> is not ended by its own name`);
        take(BLANK);
        skip(">");
        return { name, attributes, children };
      } else children.push(elementHere());
    }
  }

  function misc(): void {
    do take(BLANK);
    while (aside());
  }

  for (const character of source) if (!allowed(character.codePointAt(0) ?? 0)) throw new XmlError("a character is not one of XML's");
  if (/^<\?xml[ \t\r\n]/.test(source)) {
    const declaration = upTo("?>", "the XML declaration");
    if (!/^<\?xml\s+version=(["'])1\.[01]\1(\s+encoding=(["'])[\w.-]+\3)?(\s+standalone=(["'])(yes|no)\5)?\s*$/.test(declaration))
      fail("the XML declaration is not one");
  }
  misc();
  if (!looksAt("<")) fail("there is no element");
  const root = elementHere();
  misc();
  if (at < source.length) fail("something follows the document's only element");
  return root;
}

/** The text inside an element and the elements in it, blanks folded. */
export function textOf({ children }: Element): string {
  const whole = (parts: Element["children"]): string =>
    parts.map((part) => (typeof part === "string" ? part : whole(part.children))).join("");
  return whole(children).replaceAll(/\s+/g, " ").trim();
}
