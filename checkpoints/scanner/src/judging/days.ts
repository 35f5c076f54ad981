// The legal day at a place: an instant is the same everywhere, the day it falls on is not (tir/kernel/places.py).

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
const calendars = new Map<string, Intl.DateTimeFormat>();

/** Return the day of the calendar at a place, as YYYY-MM-DD. */
export function dayAt(at: number, timeZone: string): string {
  let calendar = calendars.get(timeZone);
  if (!calendar) {
    calendar = new Intl.DateTimeFormat("sv-SE", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
    calendars.set(timeZone, calendar);
  }
  return calendar.format(at);
}

/** From the first day up to, not including, the last. */
export function covers({ from, to }: { from: string; to: string | null }, day: string): boolean {
  return from <= day && (to === null || day < to);
}

/** When a clock of so many days runs out that starts then; null: none limits it. */
export function endOf(start: number, days: number | null): number | null {
  return days === null ? null : start + days * DAY;
}

export const instant = (at: number): string => new Date(at).toISOString();
