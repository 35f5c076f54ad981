// The queue: written to the phone's database before anything is said to be done, and sent when the network allows.

import { type Database, isForWantOfRoom, type ItemState, type SealedItem } from "../store/database";
import type { Vault } from "../store/vault";
import type { Deed, Item } from "./items";

export const SHIFT = 12 * 3_600_000;

export interface Counts {
  waiting: number;
  problem: number;
}

/** There is no room for a new item: it was not recorded. */
export class StoreFull extends Error {}

/** How much is unsent; a locked phone can tell. */
export async function countUnsent(database: Database): Promise<Counts> {
  const [waiting, problem] = await Promise.all([
    database.countFromIndex("queue", "state", "waiting"),
    database.countFromIndex("queue", "state", "problem"),
  ]);
  return { waiting, problem };
}

/** What sending and taking in need of a queue: a phone's, or one that lasts as long as a page. */
export type KeptItems = Pick<Queue, "all" | "save">;

export class Queue {
  /** Whether the last write found no room. */
  isFull = false;
  /** How many writes are under way. */
  private writing = 0;
  /** What was opened once need not be opened again while its row is the same. */
  private readonly opened = new Map<string, { iv: string; item: Item }>();
  /** What has become of items on the disk and found no room there: known while the app is open, written when it can be. */
  private readonly unwritten = new Map<string, Item>();

  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  /** Resolves only when the item is on the disk. Rejects with StoreFull. */
  async add(
    deed: Deed,
    how: Pick<Item, "office" | "role" | "wasOnline" | "madeAt" | "clockOffset" | "steady">,
  ): Promise<Item> {
    const item: Item = { ...deed, ...how, state: "waiting", tries: 0 };
    await this.save([item]);
    return item;
  }

  /** Write items, new ones and what has become of others. A full store holds up only the new: it rejects with StoreFull. */
  async save(items: Item[]): Promise<void> {
    for (const { body } of items) this.unwritten.delete(body.id);
    try {
      await this.write(items);
      const late = [...this.unwritten.values()];
      if (late.length > 0) await this.write(late);
      this.unwritten.clear();
      this.isFull = false;
    } catch (error) {
      if (!isForWantOfRoom(error)) throw error;
      this.isFull = true;
      const held = new Set(await this.database.getAllKeys("queue"));
      if (items.some(({ body }) => !held.has(body.id))) throw new StoreFull();
      for (const item of items) this.unwritten.set(item.body.id, item);
    }
  }

  get isWriting(): boolean {
    return this.writing > 0;
  }

  private async write(items: Item[]): Promise<void> {
    this.writing++;
    try {
      await this.put(items);
    } finally {
      this.writing--;
    }
  }

  private async put(items: Item[]): Promise<void> {
    const sealed = await Promise.all(items.map((item) => this.vault.seal(item)));
    const writing = this.database.transaction("queue", "readwrite", { durability: "strict" });
    const { store, done } = writing;
    const numbered = async () => {
      let last = (await store.index("order").openKeyCursor(null, "prev"))?.key ?? 0;
      const before = await Promise.all(items.map(({ body }) => store.get(body.id)));
      const rows = items.map((item, at): SealedItem => {
        const order = before[at]?.order ?? ++last;
        return { ...sealed[at]!, id: item.body.id, state: item.state, madeAt: item.madeAt, order };
      });
      await Promise.all(rows.map((row) => store.put(row)));
    };
    await Promise.all([numbered(), done]);
  }

  /** In the order in which they were written. */
  async all(state?: ItemState): Promise<Item[]> {
    const isAsWritten = this.unwritten.size === 0;
    const rows =
      state && isAsWritten
        ? await this.database.getAllFromIndex("queue", "state", state)
        : await this.database.getAll("queue");
    rows.sort((one, other) => one.order - other.order);
    const items = await Promise.all(rows.map((row) => this.unwritten.get(row.id) ?? this.open(row)));
    return state && !isAsWritten ? items.filter((item) => item.state === state) : items;
  }

  private async open(row: SealedItem): Promise<Item> {
    const iv = String(row.iv);
    const known = this.opened.get(row.id);
    if (known?.iv === iv) return known.item;
    const item = await this.vault.open<Item>(row);
    this.opened.set(row.id, { iv, item });
    return item;
  }

  async counts(): Promise<Counts> {
    if (this.unwritten.size === 0) return countUnsent(this.database);
    const states = (await this.all()).map(({ state }) => state);
    const count = (state: ItemState) => states.filter((each) => each === state).length;
    return { waiting: count("waiting"), problem: count("problem") };
  }

  async remove(ids: string[]): Promise<void> {
    for (const id of ids) this.unwritten.delete(id);
    const writing = this.database.transaction("queue", "readwrite", { durability: "strict" });
    await Promise.all([...ids.map((id) => writing.store.delete(id)), writing.done]);
  }

  /** Only the last shift stays on the phone, and whatever is unsent stays until it is sent. What was taken over stays a
   * shift from then on, however old it is: its receipts go back to whoever made it. */
  async forgetOldShifts(now: number): Promise<void> {
    const rows = (await this.database.getAllFromIndex("queue", "state", "done")).filter(({ madeAt }) => madeAt < now - SHIFT);
    const items = await Promise.all(rows.map((row) => this.open(row)));
    await this.remove(items.filter(({ maker }) => !maker || maker.takenAt < now - SHIFT).map(({ body }) => body.id));
  }
}
