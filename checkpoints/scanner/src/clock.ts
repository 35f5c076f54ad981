// Days and instants where the office is.

/** Return the last second of a day at the office, as the server reads a bare date. */
export function endOfDay(day: string, zone: string): string {
  const following = Date.parse(`${day}T00:00:00Z`) + 86_400_000;
  return new Date(following - offset(following, zone) - 1000).toISOString();
}

/** Milliseconds by which clocks there are ahead of UTC. */
function offset(at: number, zone: string): number {
  const there = new Date(at).toLocaleString("sv-SE", { timeZone: zone });
  return Date.parse(`${there.replace(" ", "T")}Z`) - Math.floor(at / 1000) * 1000;
}
