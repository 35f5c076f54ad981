// What the carnet's screens show of it now: what was answered, with what the officer has stated and what the clock is worth.

import { verdictOf } from "../judging/rules";
import type { Reason, Screenful } from "../screenful";
import { isWrong } from "../serverClock";
import type { State } from "../state";
import { withStatement } from "../statement";
import { say, sayAge } from "../words/words";

export function shownNow({ lorry, phone }: State): Screenful {
  const stated = withStatement(lorry.screenful!, lorry.statement, lorry.isReported);
  return withClock(stated, phone?.clockOffset() ?? null);
}

/** A stamp would say a time that is not: that needs a look, before it is made. */
export function withClock(shown: Screenful, offset: number | null): Screenful {
  if (!isWrong(offset)) return shown;
  const reason: Reason = { code: "clock_wrong", level: "look", facts: {}, detail: sayClock(offset) };
  const verdict = shown.verdict === "go" ? verdictOf([reason]) : shown.verdict;
  return { ...shown, verdict, reasons: [reason, ...shown.reasons] };
}

export function sayClock(offset: number): string {
  return say(offset < 0 ? "clock.ahead" : "clock.behind", { age: sayAge(Math.abs(offset)) });
}
