// Why the server gave nothing, in words: its own where it has said some.

import { Failed, NotNow, type Trouble } from "./api";
import { type Key, say, sayInstant } from "./words/words";

/** Return the server's own sentence and when to try again; `otherwise` where nothing answered at all. */
export function sayTrouble(trouble: Trouble | null, otherwise: Key): string {
  if (trouble instanceof NotNow) {
    const why = trouble.problem?.detail ?? say("server.busy");
    return trouble.until === null ? why : `${why} ${say("server.again", { at: sayInstant(trouble.until) })}`;
  }
  if (trouble instanceof Failed) return trouble.problem?.detail ?? say("server.failed", { status: trouble.status });
  return isSaid(trouble) ? trouble.detail! : say(otherwise);
}

/** Whether the server itself has said something: then it is there, whatever it said. */
export function isSaid(trouble: Trouble | null): trouble is Exclude<Trouble, Error> {
  return trouble instanceof NotNow || trouble instanceof Failed || (trouble !== null && !(trouble instanceof Error) && !!trouble.detail);
}
