// The phone's own database. Only what a locked phone must show is in clear: whose it is, and how much is unsent.

import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type OpenDBCallbacks } from "idb";
import type { Sealed, Wrapped } from "./vault";

export interface Enrolment {
  username: string;
  office: string;
  pin: Wrapped;
  password: Wrapped;
  wrongPins: number;
  lockedUntil: number;
}

/** `waiting` to be sent; `problem`: the server did not take it as it was, a person must decide; `done`. */
export type ItemState = "waiting" | "problem" | "done";

export interface SealedItem extends Sealed {
  id: string;
  state: ItemState;
  madeAt: number;
  /** Which was written first, whatever the phone's clock said. */
  order: number;
}

interface PostDatabase extends DBSchema {
  plain: { key: string; value: unknown };
  sealed: { key: string; value: Sealed };
  queue: { key: string; value: SealedItem; indexes: { state: ItemState; order: number } };
}

export type Database = IDBPDatabase<PostDatabase>;

const SCHEMA = 2;

/** What may happen to the database from outside: another window holds it back, another wants it, or it is taken away. */
export type Happenings = Pick<OpenDBCallbacks<PostDatabase>, "blocked" | "blocking" | "terminated">;

/** Open the phone's database, bringing an older one up to date with all that is in it. A schema is only ever added to, so
 * one that a newer app has brought further opens as it is. */
export async function openDatabase(name = "tir-post", happenings: Happenings = {}): Promise<Database> {
  const how = { ...happenings, upgrade };
  try {
    return await openDB<PostDatabase>(name, SCHEMA, how);
  } catch (error) {
    if ((error as DOMException).name !== "VersionError") throw error;
    return openDB<PostDatabase>(name, undefined, how);
  }
}

type Upgrade = IDBPTransaction<PostDatabase, ("plain" | "sealed" | "queue")[], "versionchange">;

async function upgrade(database: Database, from: number, _to: number | null, change: Upgrade): Promise<void> {
  if (from < 1) {
    database.createObjectStore("plain");
    database.createObjectStore("sealed");
    database.createObjectStore("queue", { keyPath: "id" }).createIndex("state", "state");
  }
  if (from < 2) {
    const queue = change.objectStore("queue");
    queue.createIndex("order", "order");
    const rows = (await queue.getAll()).sort((one, other) => one.madeAt - other.madeAt);
    await Promise.all(rows.map((row, index) => queue.put({ ...row, order: index + 1 })));
  }
}

/** Whether a write failed because there is no room left. */
export function isForWantOfRoom(error: unknown): boolean {
  return (error as DOMException | null)?.name === "QuotaExceededError";
}

/** For what can be had or chosen anew: a store without room loses nothing by it. */
export async function ifThereIsRoom(writing: Promise<unknown>): Promise<void> {
  await writing.catch((error: unknown) => {
    if (!isForWantOfRoom(error)) throw error;
  });
}

export function putIfThereIsRoom(database: Database, value: unknown, key: string): Promise<void> {
  return ifThereIsRoom(database.put("plain", value, key));
}

export async function erase(database: Database): Promise<void> {
  const all = database.transaction(["plain", "sealed", "queue"], "readwrite");
  await Promise.all([
    all.objectStore("plain").clear(),
    all.objectStore("sealed").clear(),
    all.objectStore("queue").clear(),
    all.done,
  ]);
}
