import { expect, test } from "vitest";
import { endOfDay } from "../src/clock";
import { DAY, dayAt } from "../src/judging/days";

test.each([
  ["Asia/Almaty", "2026-03-12T18:59:59.000Z"],
  ["UTC", "2026-03-12T23:59:59.000Z"],
  ["America/New_York", "2026-03-13T03:59:59.000Z"],
])("the 12th of March ends in %s at %s", (zone, instant) => {
  expect(endOfDay("2026-03-12", zone)).toBe(instant);
});

test.each([
  ["2026-03-29", "2026-03-29T21:59:59.000Z"], // clocks go forward in the night before
  ["2026-10-25", "2026-10-25T22:59:59.000Z"], // and back
])("the day on which clocks change in Warsaw, %s, ends at %s", (day, instant) => {
  expect(endOfDay(day, "Europe/Warsaw")).toBe(instant);
});

test("a day at the office is not the day in UTC", () => {
  const now = Date.parse("2026-03-02T20:30:00Z");

  expect([dayAt(now, "UTC"), dayAt(now, "Asia/Almaty"), dayAt(now + 10 * DAY, "Asia/Almaty")]).toEqual([
    "2026-03-02",
    "2026-03-03",
    "2026-03-13",
  ]);
});
