// One common form for what is painted, stamped or typed in several ways (tir/kernel/spelling.py).

import { FOLDED, WITHOUT_MEANING } from "./generated";

/** The text in capitals of one width, without blanks, hyphens, dots and what cannot be seen. */
export function tidy(text: string): string {
  return text.normalize("NFKC").toUpperCase().replace(WITHOUT_MEANING, "").normalize("NFKC");
}

/** What two spellings of one thing have in common: `tidy`, with letters that look alike folded to Latin. */
export function commonForm(text: string): string {
  return Array.from(tidy(text), (letter) => FOLDED[letter] ?? letter).join("");
}

export function commonForms(texts: Iterable<string> | null | undefined): Set<string> {
  return new Set(Array.from(texts ?? [], commonForm));
}

/** Whether some text of one list equals a text of the other by folded letters alone: worth a note, no more. */
export function areSpeltDifferently(one: readonly string[], other: readonly string[]): boolean {
  const asWritten = new Set(other.map(tidy));
  const alike = commonForms(other);
  return one.some((text) => !asWritten.has(tidy(text)) && alike.has(commonForm(text)));
}

export function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return [...some].every((each) => all.has(each));
}
