// How far this phone's clock is from the server's. What is sent says the phone's own time, as evidence; the officer is
// told before stamping when that time is wrong.

import { CLOCK_TOLERANCE } from "./judging/generated";

/** One measurement: milliseconds to be added to the phone's clock, and when it was taken by both of its clocks. */
export interface ClockReading {
  offset: number;
  heardAt: number;
  /** Milliseconds of a clock that nobody can set; it begins anew with the app. */
  steadyAt: number;
}

const HALF_A_SECOND = 500; // the header counts whole seconds

/** Return what an answer's Date says; null when it has none. `took`: from the question to the answer, by the steady clock. */
export function readClock(date: string | null, took: number, now: number, steady: number): ClockReading | null {
  const said = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(said)) return null;
  return { offset: said + HALF_A_SECOND + took / 2 - now, heardAt: now, steadyAt: steady };
}

/** Return the offset now. A clock set back since shows against the steady one; one set forward may only have slept. */
export function offsetAt(reading: ClockReading | null, now: number, steady: number): number | null {
  if (reading === null) return null;
  const setBack = steady - reading.steadyAt - (now - reading.heardAt);
  return reading.offset + Math.max(0, setBack);
}

/** Whether the clock is so wrong that the server will not take its time for true. */
export function isWrong(offset: number | null): offset is number {
  return offset !== null && Math.abs(offset) > CLOCK_TOLERANCE;
}
