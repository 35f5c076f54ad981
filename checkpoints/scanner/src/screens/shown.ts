// What the carnet's screens show of it now: what was answered, with what the officer has stated and what the clock is worth.

import { verdictOf } from "../judging/rules";
import type { Reason, Screenful } from "../screenful";
import { isWrong } from "../serverClock";
import type { State } from "../state";
import { steadyClock } from "../steadyClock";
import { withStatement } from "../statement";
import { say, sayAge } from "../words/words";
import { sayClockSet } from "./widgets";

export function shownNow({ lorry, phone }: State): Screenful {
  const stated = withStatement(lorry.screenful!, lorry.statement, lorry.isReported);
  return withClock(stated, phone?.clockOffset() ?? null, steadyClock.setSinceHeard);
}

/** A stamp would say a time that is not: that needs a look, before it is made. */
export function withClock(shown: Screenful, offset: number | null, setBy = 0): Screenful {
  const details = [...(setBy === 0 ? [] : [sayClockSet(setBy)]), ...(isWrong(offset) ? [sayClock(offset)] : [])];
  if (details.length === 0) return shown;
  const reasons = details.map((detail): Reason => ({ code: "clock_wrong", level: "look", facts: {}, detail }));
  const verdict = shown.verdict === "go" ? verdictOf(reasons) : shown.verdict;
  return { ...shown, verdict, reasons: [...reasons, ...shown.reasons] };
}

export function sayClock(offset: number): string {
  return say(offset < 0 ? "clock.ahead" : "clock.behind", { age: sayAge(Math.abs(offset)) });
}
