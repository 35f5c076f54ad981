// Where a hand-over stands. It may hold what is unsent in clear, and is dropped when the phone is locked.

import type { FactValues } from "../judging/held";
import type { Heard } from "./answer";
import type { Chain, ChainReader } from "./chain";
import type { UnsentDocument } from "./document";
import type { Phrase } from "./words";

/** A sentence, to be said in whatever language is spoken when it is drawn. */
export interface Said {
  key: Phrase;
  facts: FactValues;
}

/** Codes on this screen. */
export interface Showing {
  name: "show";
  chain: Chain;
  /** The frame that is shown; -1 before the first. They go on for ever. */
  index: number;
  perSecond: number;
  isPaused: boolean;
  /** What they carry, in a sentence, and what they do not. */
  says: Said;
  leavesOut: Said[];
  isAnswer: boolean;
}

/** Codes before this camera. */
export interface Reading {
  name: "read";
  reader: ChainReader;
  hasCamera: boolean;
  isWhole: boolean;
  note: Phrase | null;
}

/** All is read, and nothing is kept yet. */
export interface Looking {
  name: "look";
  document: UnsentDocument;
  transfer: string;
  /** How much of it this phone does not hold yet. */
  fresh: number;
  isOfThisOffice: boolean;
}

export interface Taken {
  name: "taken";
  fresh: number;
  officers: string[];
}

/** An answer was read. */
export interface Told {
  name: "heard";
  officer: string;
  heard: Heard;
}

export type Step = Showing | Reading | Looking | Taken | Told;
