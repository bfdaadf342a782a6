// A field's text in an editor that marks the findings where they are.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Text } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers, placeholder } from "@codemirror/view";
import type { Finding } from "certgate";

import { h, sentence } from "./dom.js";
import { saidOf } from "./findings.js";
import { labels } from "./labels/index.js";

/** The look of the editor. Its colours are those of the page, which a shadow root inherits. */
const theme = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--field)", borderRadius: "6px", fontSize: "0.75rem" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", minHeight: "5.5rem", maxHeight: "13rem", overflow: "auto" },
  ".cm-content": { caretColor: "var(--text)", padding: "6px 0" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--quiet)", border: "none" },
  ".cm-gutterElement": { userSelect: "none" },
  ".cm-placeholder": { color: "var(--quiet)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-tooltip": { backgroundColor: "var(--card)", color: "var(--text)", border: "1px solid var(--edge)", borderRadius: "6px", maxWidth: "min(30rem, 85vw)" },
  ".cm-diagnostic": { borderLeftWidth: "4px", padding: "8px 12px", fontFamily: "var(--sans)" },
  ".cm-diagnostic p": { margin: "0 0 4px" },
  ".cm-diagnostic code": { fontFamily: "var(--mono)", fontSize: "0.9em" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--error)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warning)" },
  ".cm-diagnostic-info": { borderLeftColor: "var(--note)" },
  // The pictures that come with the marks are data: URLs, which the page's policy forbids.
  ".cm-lint-marker": { width: "0.9em", height: "0.9em", borderRadius: "50%", marginTop: "0.3em", content: "none" },
  ".cm-lint-marker-error": { content: "none", backgroundColor: "var(--error)" },
  ".cm-lint-marker-warning": { content: "none", backgroundColor: "var(--warning)", borderRadius: "2px" },
  ".cm-lint-marker-info": { content: "none", backgroundColor: "var(--note)", borderRadius: "2px" },
  // Where the person chose the colours, the marks keep theirs, with an edge that is seen on each ground.
  "@media (forced-colors: active)": { ".cm-lint-marker": { forcedColorAdjust: "none", outline: "1px solid CanvasText" } },
  ".cm-gutter-lint": { width: "1em" },
  ".cm-lintRange": { backgroundImage: "none", textDecoration: "underline wavy 1.5px", textUnderlineOffset: "3px", paddingBottom: "0" },
  ".cm-lintRange-error": { textDecorationColor: "var(--error)" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--warning)" },
  ".cm-lintRange-info": { textDecorationColor: "var(--note)" },
});

/** An editor inside `host`. Its style sheets are constructed ones of a shadow root, which the page's policy allows. */
export class Editor {
  private readonly view: EditorView;
  /** What is told of the text beside the text itself, and whether it is wrong. */
  private told = { description: "", isWrong: false };

  constructor(host: HTMLElement, label: string, changed: () => void) {
    const root = host.attachShadow({ mode: "open" });
    this.view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        extensions: [
          lineNumbers(),
          // One tooltip is enough: that of the underlined text.
          lintGutter({ tooltipFilter: () => [] }),
          history(),
          drawSelection(),
          highlightSpecialChars(),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          // As a node, so that it is named below, and only while the editor is empty.
          placeholder(() => h("span", {}, labels.paste)),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of((view): Record<string, string> => ({
            "aria-label": label,
            ...(view.state.doc.length === 0 && { "aria-placeholder": labels.paste }),
            ...(this.told.description && { "aria-description": this.told.description }),
            ...(this.told.isWrong && { "aria-invalid": "true" }),
            // Editable text can be reached by the keyboard anyway; this says so to programs that check it.
            tabindex: "0",
            spellcheck: "false",
            autocorrect: "off",
            autocapitalize: "off",
            translate: "no",
          })),
          // A file that is dropped here belongs to the whole page, which hears of it next.
          EditorView.domEventHandlers({ drop: (event) => (event.dataTransfer?.files.length ?? 0) > 0 }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed();
          }),
          theme,
        ],
      }),
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  set text(text: string) {
    // A new state, so that undo does not bring back what was there before.
    if (text !== this.text) this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  /** Marks the findings of this field. */
  mark(findings: Finding[]): void {
    const { doc } = this.view.state;
    const marks = findings.map((finding): Diagnostic => {
      const severity = finding.severity === "note" ? "info" : finding.severity;
      const renderMessage = () => h("div", {}, h("p", {}, ...sentence(finding.message)), h("p", {}, ...sentence(finding.hint)));
      return { ...range(doc, finding), severity, message: `${finding.message}\n\n${finding.hint}`, renderMessage, source: finding.code };
    });
    const errors = findings.filter((finding) => finding.severity === "error");
    const [first] = errors;
    this.told = { isWrong: errors.length > 0, description: first ? `${labels.errors(errors.length)}. ${labels.first(saidOf(first))}` : "" };
    marks.sort((one, other) => one.from - other.from);
    this.view.dispatch(setDiagnostics(this.view.state, marks));
  }

  /** Where the caret is, as a finding says it. */
  get caret(): { line: number; column: number } {
    const { head } = this.view.state.selection.main;
    const line = this.view.state.doc.lineAt(head);
    return { line: line.number, column: [...line.text.slice(0, head - line.from)].length + 1 };
  }

  /** Puts the caret at a finding. */
  goTo(finding: Finding): void {
    const { from } = range(this.view.state.doc, finding);
    this.view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    this.view.focus();
    this.view.dom.scrollIntoView({ block: "nearest" });
  }
}

/** The most characters that are underlined: a text whose line ends were lost is one long line. */
const MARKED = 80;

/** Where a finding is: from its column to the end of the line, or the whole line; without a line, the first. */
function range(doc: Text, { location }: Finding): { from: number; to: number } {
  const line = doc.line(Math.min(Math.max(location?.line ?? 1, 1), doc.lines));
  // Columns count characters, and the editor counts units of UTF-16.
  const before = [...line.text].slice(0, (location?.column ?? 1) - 1).join("").length;
  const from = Math.min(line.from + before, line.to);
  // What is at the very end of a line is marked from the last letter on.
  return from < line.to ? { from, to: Math.min(line.to, from + MARKED) } : { from: Math.max(line.from, line.to - 1), to: line.to };
}
