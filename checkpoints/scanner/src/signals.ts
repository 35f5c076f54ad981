// What a verdict feels and sounds like: one short high tone for GO, three long low ones for STOP.

import type { Verdict } from "./judging/held";

interface Signal {
  vibration: number[];
  tones: { hertz: number; seconds: number }[];
}

const SIGNALS: Record<Verdict, Signal> = {
  go: { vibration: [60], tones: [{ hertz: 1320, seconds: 0.12 }] },
  look: { vibration: [60, 80, 60], tones: [{ hertz: 880, seconds: 0.12 }, { hertz: 880, seconds: 0.12 }] },
  unknown: { vibration: [60, 80, 60], tones: [{ hertz: 660, seconds: 0.2 }] },
  stop: {
    vibration: [400, 120, 400, 120, 400],
    tones: [{ hertz: 220, seconds: 0.3 }, { hertz: 220, seconds: 0.3 }, { hertz: 220, seconds: 0.3 }],
  },
};
const GAP = 0.08;
let context: AudioContext | null = null;

export function signal(verdict: Verdict, withSound: boolean): void {
  const { vibration, tones } = SIGNALS[verdict];
  navigator.vibrate?.(vibration);
  if (!withSound) return;
  try {
    context ??= new AudioContext();
    let at = context.currentTime;
    for (const { hertz, seconds } of tones) {
      play(context, hertz, at, seconds);
      at += seconds + GAP;
    }
  } catch {
    // no sound on this phone: the screen and the vibration say it too
  }
}

function play(audio: AudioContext, hertz: number, from: number, seconds: number): void {
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  tone.type = hertz < 400 ? "square" : "sine";
  tone.frequency.value = hertz;
  volume.gain.value = 0.25;
  tone.connect(volume).connect(audio.destination);
  tone.start(from);
  tone.stop(from + seconds);
}
