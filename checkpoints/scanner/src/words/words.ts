// Every sentence an officer reads, in one file a language, with the same keys; the language is switched on the spot. English
// comes with the app, the others when they are first spoken: the service worker keeps them all on the phone.

import type { FactValues, Finding, Names } from "../judging/held";
import { en, type Key, type Words } from "./en";

export type { Key } from "./en";
export type Language = "en" | "ru" | "zh";

export const LANGUAGES: Record<Language, string> = { en: "English", ru: "Русский", zh: "中文" };
const LATER: Record<Exclude<Language, "en">, () => Promise<Words>> = {
  ru: async () => (await import("./ru")).ru,
  zh: async () => (await import("./zh")).zh,
};
const TAGS: Record<Language, string> = { en: "en", ru: "ru", zh: "zh-hans" };
const FOR_DATES: Record<Language, string> = { en: "en-GB", ru: "ru", zh: "zh-CN" };
const INSTANT = /^\d{4}-\d\d-\d\dT/;
const WITH_NAMES: Record<string, string> = { control: "control.", status: "holder.", role: "role." };

let language: Language = "en";
let words: Words = en;

/** The language that the phone itself is set to. */
export function firstLanguage(): Language {
  const wanted = globalThis.navigator?.language.slice(0, 2).toLowerCase();
  return wanted === "ru" || wanted === "zh" ? wanted : "en";
}

export function currentLanguage(): Language {
  return language;
}

/** Speak another language from now on; rejects where its words cannot be had, and nothing is changed. */
export async function speak(wanted: Language): Promise<void> {
  const later = wanted === "en" ? en : await LATER[wanted]();
  [language, words] = [wanted, later];
}

/** The tag that Accept-Language and the page's `lang` carry. */
export function languageTag(): string {
  return TAGS[language];
}

export function isKey(key: string): key is Key {
  return key in en;
}

/** Return the sentence with its facts filled in. */
export function say(key: Key, facts: FactValues = {}): string {
  return fill(words[key], facts);
}

/** The same for a sentence of elsewhere. */
export function fill(sentence: string, facts: FactValues): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => sayFact(name, facts[name] ?? null));
}

export function sayFinding({ code, facts }: Finding): string {
  return isKey(code) ? say(code, facts) : code;
}

function sayFact(name: string, value: FactValues[string]): string {
  if (value === null) return "—";
  if (Array.isArray(value)) return value.join(", ");
  const named = `${WITH_NAMES[name]}${value}`;
  if (name in WITH_NAMES && isKey(named)) return say(named);
  return typeof value === "string" && INSTANT.test(value) ? sayInstant(value) : String(value);
}

const INSTANT_FORM = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false } as const;

export function sayInstant(instant: string | number): string {
  return dateWords(new Date(instant), INSTANT_FORM);
}

/** The same for paper, which is read in another year too. */
export function sayInstantWithYear(instant: string): string {
  return new Intl.DateTimeFormat(FOR_DATES[language], { ...INSTANT_FORM, year: "numeric" }).format(new Date(instant));
}

export function sayDay(day: string): string {
  return dateWords(new Date(day), { day: "numeric", month: "short", timeZone: "UTC" });
}

/** The year is said only when it is another one. */
function dateWords(date: Date, form: Intl.DateTimeFormatOptions): string {
  const isOfThisYear = date.getUTCFullYear() === new Date().getUTCFullYear();
  return new Intl.DateTimeFormat(FOR_DATES[language], isOfThisYear ? form : { ...form, year: "numeric" }).format(date);
}

/** A length of time as one reads it at a glance. */
export function sayAge(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return say("age.minutes", { n: minutes });
  if (minutes < 48 * 60) return say("age.hours", { n: Math.floor(minutes / 60) });
  return say("age.days", { n: Math.floor(minutes / 1440) });
}

export function sayName(name: string | Names): string {
  return typeof name === "string" ? name : name[language] || name.en;
}
