// Elements without a framework. No text ever becomes HTML.

import { labels } from "./labels/index.js";

export type Child = Node | string | null | undefined | false;

interface Props {
  /** Attributes by name; `true` sets one without a value, `undefined` and `false` none. */
  [attribute: string]: string | number | boolean | undefined | ((event: Event) => void);
}

/** An element with attributes, listeners (`onclick` and the like) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  fill(element, props, children);
  return element;
}

/** The same for a picture. */
export function svg(tag: string, props: Props = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  fill(element, props, children);
  return element;
}

function fill(element: Element, props: Props, children: Child[]): void {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value);
    } else if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
}

/** A small picture of a key. */
export const keyIcon = (): SVGElement =>
  svg("svg", { viewBox: "0 0 16 16", class: "icon", "aria-hidden": "true" }, svg("path", { d: "M6.5 9.5a3.5 3.5 0 1 1 2.4-1L14 13.5M11 10.5l-1.5 1.5M4.5 5.5h.01" }));

/** The element of the page with that id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element as T;
}

/** A sentence of the library: what stands in backquotes is code. */
export function sentence(text: string): Node[] {
  return text.split("`").map((part, at) => (at % 2 === 1 ? h("code", {}, part) : document.createTextNode(part)));
}

/** A page of the library: paragraphs, and lines that are indented or fenced as they stand. */
export function paragraphs(text: string): Node[] {
  return text.trim().split(/\n\n+/).map((paragraph) => {
    if (paragraph.startsWith("```")) return h("pre", { tabindex: 0 }, paragraph.replace(/^```.*\n|\n?```$/g, ""));
    if (paragraph.startsWith("    ")) return h("pre", { tabindex: 0 }, paragraph.replace(/^ {4}/gm, ""));
    return h("p", {}, ...sentence(paragraph.replaceAll("\n", " ").replaceAll("**", "")));
  });
}

/** A button that does something. */
export function button(text: string | Child[], onclick: () => void, props: Props = {}): HTMLButtonElement {
  return h("button", { type: "button", ...props, onclick }, ...(typeof text === "string" ? [text] : text));
}

/** Where what is said to a person who listens is written; it outlives a change of the language. */
const said = h("p", { id: "said", class: "only-read", role: "status" });

/** Says something to a person who listens. */
export function announce(text: string): void {
  if (!said.isConnected) document.body.append(said);
  // The same text twice in a row is said twice.
  said.replaceChildren();
  setTimeout(() => said.replaceChildren(text), 50);
}

/** A button that copies a text, and says that it did. */
export function copyButton(label: string, text: () => string): HTMLButtonElement {
  const copy = button(label, async () => {
    // Without HTTPS there is no clipboard, and a person may have forbidden it.
    const done = await Promise.resolve(navigator.clipboard?.writeText(text()).then(() => true)).catch(() => false);
    copy.textContent = done ? labels.copied : labels.notCopied;
    announce(copy.textContent);
    setTimeout(() => (copy.textContent = label), 2000);
  });
  return copy;
}

/** Lets the browser keep a text as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
