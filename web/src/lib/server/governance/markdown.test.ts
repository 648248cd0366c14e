import { describe, expect, it } from "vitest";
import { bodyOf, renderMarkdown } from "./markdown.ts";

describe("a proposal's text", () => {
  it("shows what Markdown marks, with headings below those of the page", () => {
    expect(renderMarkdown("# Why\n\nThe *commons* needs **more**.\n\n- one\n- two")).toBe(
      "<h3>Why</h3>\n<p>The <em>commons</em> needs <strong>more</strong>.</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n",
    );
  });
  it("keeps tables", () => {
    expect(renderMarkdown("| a | b |\n|---|--:|\n| 1 | 2 |")).toContain('<td align="right">2</td>');
  });
  it("marks links as a stranger's", () => {
    expect(renderMarkdown("[here](https://example.org/a)")).toBe(
      '<p><a href="https://example.org/a" rel="nofollow noopener noreferrer ugc">here</a></p>\n',
    );
  });

  // Payloads of the kinds that OWASP's filter evasion list names.
  it.each([
    ["an image", "![x](https://example.org/x.png)"],
    ["an image in HTML", '<img src=x onerror="alert(1)">'],
    ["a script", "<script>alert(1)</script>"],
    ["an event", '<p onclick="alert(1)">x</p>'],
    ["a style", '<p style="position:fixed">x</p><style>p{}</style>'],
    ["a frame", '<iframe src="https://example.org"></iframe>'],
    ["a vector graphic", "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>"],
    ["a form", "<form action='https://example.org'><input name=a></form>"],
    ["an address that runs", "[x](javascript:alert(1))"],
    ["the same in disguise", "[x](java&#x0A;script:alert(1))"],
    ["data as an address", "[x](data:text/html,<script>alert(1)</script>)"],
    ["an address without a scheme", "[x](//example.org)"],
    ["a tag in pieces", "<scr<script>ipt>alert(1)</scr</script>ipt>"],
    [
      "an object",
      "<object data='x'></object><embed src=x><base href='https://example.org'><meta http-equiv=refresh>",
    ],
  ])("drops %s", (_, text) => {
    const html = renderMarkdown(text);
    expect(html).not.toMatch(
      /<(img|script|style|iframe|svg|form|input|object|embed|base|meta)|\son\w+=|style=|javascript:|data:|href="\/\//i,
    );
  });

  it("gives the text without its title", () => {
    expect(bodyOf("# Title\n\nText")).toBe("\nText");
    expect(bodyOf("Text\nmore")).toBe("Text\nmore");
    expect(bodyOf(`# Title\n\nText\n\n#proposer=0x${"aB".repeat(20)}`)).toBe("\nText");
  });
});
