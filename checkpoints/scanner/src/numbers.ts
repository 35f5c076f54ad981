// TIR carnet numbers with their check letters, as carnets/numbering.py tells: XZ99000001.

const LATEST_WITHOUT_CHECK_LETTERS = 25_000_000;
const FORM = /^(?:X[A-Z]|[A-Z]X)?([1-9][0-9]{0,8})$/;

function checkLetters(digits: number): string {
  const remainder = digits % 23;
  const letter = String.fromCharCode(65 + ((3 * remainder + 17) % 26));
  return remainder < 12 ? `${letter}X` : `X${letter}`;
}

/** Return the number in canonical form, or null when its check letters and digits do not fit. */
export function parseNumber(text: string): string | null {
  const canonical = text.replace(/\s+/g, "").toUpperCase();
  const digits = Number(FORM.exec(canonical)?.[1]);
  if (!digits) return null;
  const formatted = digits <= LATEST_WITHOUT_CHECK_LETTERS ? String(digits) : checkLetters(digits) + digits;
  return formatted === canonical ? canonical : null;
}

/** What can be said while a number is being typed: nothing wrong yet, right, or wrong. */
export function judgeTyping(text: string): "typing" | "right" | "wrong" {
  if (parseNumber(text)) return "right";
  const canonical = text.replace(/\s+/g, "").toUpperCase();
  return /^(?:[A-Z]{0,2}|(?:X[A-Z]|[A-Z]X)?[0-9]{1,7})$/.test(canonical) ? "typing" : "wrong";
}
