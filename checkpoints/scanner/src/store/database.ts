// The phone's own database. Only what a locked phone must show is in clear: whose it is, and how much is unsent.

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
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
}

interface PostDatabase extends DBSchema {
  plain: { key: string; value: unknown };
  sealed: { key: string; value: Sealed };
  queue: { key: string; value: SealedItem; indexes: { state: ItemState } };
}

export type Database = IDBPDatabase<PostDatabase>;

export function openDatabase(name = "tir-post"): Promise<Database> {
  return openDB<PostDatabase>(name, 1, {
    upgrade(database) {
      database.createObjectStore("plain");
      database.createObjectStore("sealed");
      database.createObjectStore("queue", { keyPath: "id" }).createIndex("state", "state");
    },
  });
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
