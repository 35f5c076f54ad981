// What is on its way now, and the way out when no window is in front: the browser wakes the app when the network is back.

import { type Answer, Api } from "./api";

/** Notes the ids of what it posts until there is an answer. */
export class UnderwayApi extends Api {
  constructor(
    private readonly underway: Set<string>,
    private readonly changed: () => void,
    ...how: ConstructorParameters<typeof Api>
  ) {
    super(...how);
  }

  override async post<Body>(path: string, body: unknown, patience?: number): Promise<Answer<Body>> {
    const ids = idsIn(body as object);
    for (const id of ids) this.underway.add(id);
    this.changed();
    try {
      return await super.post<Body>(path, body, patience);
    } finally {
      for (const id of ids) this.underway.delete(id);
    }
  }
}

/** The id of what is posted alone, or of each item in its lists. */
function idsIn(body: object): string[] {
  return [body, ...Object.values(body).flat()].flatMap((each) => (each as { id?: string } | null)?.id ?? []);
}

/** Where the browser has it, it wakes the app when the network returns. */
export async function askForBackgroundSync(): Promise<void> {
  try {
    const registration = await navigator.serviceWorker?.ready;
    await (registration as { sync?: { register(tag: string): Promise<void> } })?.sync?.register("unsent");
  } catch {
    // not on this browser: the app tries by itself while it is open
  }
}

/** A window of an older app knows nothing of who leads: it must not send the same queue at once. */
export async function alone<Result>(work: () => Promise<Result>): Promise<Result> {
  if (!navigator.locks) return work();
  return navigator.locks.request("tir-sending", work) as Promise<Result>;
}

/** A pause about as long, and never the same for two phones of a post. */
export function unlike(pause: number): number {
  return Math.round(pause * (0.75 + Math.random() / 2));
}
