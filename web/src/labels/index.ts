// The words of the page in the language that was chosen.

import { en, type Labels } from "./en.js";
import { zh } from "./zh.js";

const ALL: Record<string, Labels> = { en, zh };

/** The words; they change with `choose`. */
export let labels: Labels = en;

/** The languages, by their code. */
export const languages = Object.keys(ALL);

/** Takes a language: one that was asked for, or the browser's first that is here, or English. */
export function choose(language?: string): string {
  const wanted = [language, ...navigator.languages.map((name) => name.split("-")[0])];
  const found = wanted.find((name) => name !== undefined && name in ALL) ?? "en";
  labels = ALL[found] ?? en;
  return found;
}
