// Enrolling a phone, and unlocking it: a wrong PIN costs time, and more each time.

import { type Database, type Enrolment, erase } from "./database";
import { makeKey, rewrap, unlock, type Vault } from "./vault";

const FREE_TRIES = 3;
const FIRST_WAIT = 15_000;
const LONGEST_WAIT = 15 * 60_000;
export const PIN_FORM = /^[0-9]{6}$/;

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
  if (!enrolment || now < enrolment.lockedUntil) return { wrong: true, waitUntil: enrolment?.lockedUntil ?? 0 };
  const wrongPins = enrolment.wrongPins + 1;
  const lockedUntil = now + waitAfter(wrongPins);
  await save(database, { ...enrolment, wrongPins, lockedUntil });
  try {
    const vault = await unlock(enrolment.pin, pin);
    await save(database, { ...enrolment, wrongPins: 0, lockedUntil: 0 });
    return { vault };
  } catch {
    return { wrong: true, waitUntil: lockedUntil };
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
