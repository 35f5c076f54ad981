// Enrolling a phone, and unlocking it: a wrong PIN costs time, and more each time.

import { type Database, type Enrolment, erase, isForWantOfRoom, putIfThereIsRoom } from "./database";
import { makeKey, rewrap, unlock, type Vault } from "./vault";

const FREE_TRIES = 3;
const FIRST_WAIT = 15_000;
const LONGEST_WAIT = 15 * 60_000;
export const PIN_FORM = /^[0-9]{6}$/;

/** Until when a store that is too full to count tries makes one wait: longer than the first free tries, for each. */
let uncountedUntil = 0;

export type Unlocking = { vault: Vault } | { wrong: true; waitUntil: number };

export async function readEnrolment(database: Database): Promise<Enrolment | undefined> {
  return (await database.get("plain", "enrolment")) as Enrolment | undefined;
}

/** Begin anew: whatever lay on the phone before is erased. */
export async function enrol(
  database: Database,
  officer: { username: string; office: string; pin: string; password: string },
): Promise<Vault> {
  const { vault, wrapped } = await makeKey([officer.pin, officer.password]);
  await erase(database);
  await save(database, {
    username: officer.username,
    office: officer.office,
    pin: wrapped[0]!,
    password: wrapped[1]!,
    wrongPins: 0,
    lockedUntil: 0,
  });
  return vault;
}

/** The try is counted before it is made, so switching the phone off in between gains nothing. */
export async function unlockWithPin(database: Database, pin: string, now: number): Promise<Unlocking> {
  const enrolment = await readEnrolment(database);
  const waitUntil = Math.max(enrolment?.lockedUntil ?? 0, uncountedUntil);
  if (!enrolment || now < waitUntil) return { wrong: true, waitUntil };
  const lockedUntil = await count(database, enrolment, now);
  const vault = await unlock(enrolment.pin, pin).catch(() => null);
  if (vault === null) return { wrong: true, waitUntil: lockedUntil };
  uncountedUntil = 0;
  await putIfThereIsRoom(database, { ...enrolment, wrongPins: 0, lockedUntil: 0 }, "enrolment");
  return { vault };
}

/** Count a try, and return until when one waits if it is wrong. A full store keeps nobody from sending what lies in it. */
async function count(database: Database, enrolment: Enrolment, now: number): Promise<number> {
  const wrongPins = enrolment.wrongPins + 1;
  const lockedUntil = now + waitAfter(wrongPins);
  try {
    await save(database, { ...enrolment, wrongPins, lockedUntil });
    return lockedUntil;
  } catch (error) {
    if (!isForWantOfRoom(error)) throw error;
    uncountedUntil = now + FIRST_WAIT;
    return uncountedUntil;
  }
}

/** Milliseconds to wait after so many wrong PINs in a row. */
export function waitAfter(wrongPins: number): number {
  if (wrongPins < FREE_TRIES) return 0;
  return Math.min(FIRST_WAIT * 2 ** (wrongPins - FREE_TRIES), LONGEST_WAIT);
}

/** Set a new PIN with the old one or with the password; throws when that does not fit. */
export async function changePin(
  database: Database,
  by: { pin: string } | { password: string },
  newPin: string,
): Promise<Vault> {
  const enrolment = await readEnrolment(database);
  if (!enrolment) throw new Error("not enrolled");
  const [wrapped, secret] =
    "pin" in by ? ([enrolment.pin, by.pin] as const) : ([enrolment.password, by.password] as const);
  const pin = await rewrap(wrapped, secret, newPin);
  await save(database, { ...enrolment, pin, wrongPins: 0, lockedUntil: 0 });
  return unlock(pin, newPin);
}

/** The password was changed at the office: it unlocks from now on. */
export async function changePassword(database: Database, pin: string, password: string): Promise<void> {
  const enrolment = await readEnrolment(database);
  if (enrolment) await save(database, { ...enrolment, password: await rewrap(enrolment.pin, pin, password) });
}

async function save(database: Database, enrolment: Enrolment): Promise<void> {
  await database.put("plain", enrolment, "enrolment");
}
