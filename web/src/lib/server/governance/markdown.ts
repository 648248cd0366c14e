import { withoutProposer } from "@salus/sdk/governance/propose";
import { marked } from "marked";
import sanitize from "sanitize-html";

/** What a proposal's text may contain. No image, no style, no script, no form, nothing that loads anything. */
const TAGS = [
  "h3",
  "h4",
  "h5",
  "h6",
  "p",
  "br",
  "hr",
  "blockquote",
  "pre",
  "code",
  "em",
  "strong",
  "del",
  "ul",
  "ol",
  "li",
  "a",
  "table",
  "thead",
  "tbody",
  "tr",
  "th",
  "td",
];

/**
 * A proposal's Markdown (CommonMark with GitHub's tables) as HTML that is safe to show: an allow-list of tags, links to
 * http, https and mailto only, marked as written by strangers. Headings move two levels down, below those of the page.
 */
export function renderMarkdown(text: string): string {
  return sanitize(marked.parse(text, { async: false, gfm: true }), {
    allowedTags: TAGS,
    allowedAttributes: { a: ["href", "rel"], ol: ["start"], th: ["align"], td: ["align"] },
    allowedSchemes: ["http", "https", "mailto"],
    allowProtocolRelative: false,
    disallowedTagsMode: "discard",
    transformTags: {
      ...headings(),
      a: sanitize.simpleTransform("a", { rel: "nofollow noopener noreferrer ugc" }),
    },
  });
}

/** The text for readers: without its first line, which is the title and stands above it, and the proposer's mark. */
export function bodyOf(description: string): string {
  const text = withoutProposer(description);
  const [first = "", ...rest] = text.split("\n");
  return first.startsWith("#") ? rest.join("\n") : text;
}

function headings(): Record<string, string> {
  return Object.fromEntries([1, 2, 3, 4, 5, 6].map((level) => [`h${level}`, `h${Math.min(6, level + 2)}`]));
}
