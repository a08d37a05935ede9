/**
 * How old an image is at the time of the dig, and the date it states: "created 5 years ago (2020-10-08)".
 *
 * Dates up to 1980 are what reproducible builds write instead of one (the epoch, Go's zero time, 1980-01-01 of zip), so
 * they say nothing: "age unknown". So does a date after the dig. Both are RFC 3339; `created` null where none is stated.
 */
export function ageText(created: string | null, now: string): string {
  if (created === null || created === '') return 'age unknown (no date stated)';
  const then = Date.parse(created);
  const today = Date.parse(now);
  if (Number.isNaN(then) || Number.isNaN(today)) return `age unknown (states "${created.slice(0, 40)}")`;
  const date = new Date(then).toISOString().slice(0, 10);
  if (new Date(then).getUTCFullYear() <= 1980) return `age unknown (states ${date})`;
  const days = Math.floor((today - then) / 86_400_000);
  if (days < -1) return `age unknown (states ${date}, after this dig)`;
  return `created ${agoText(days, new Date(then), new Date(today))} (${date})`;
}

function agoText(days: number, then: Date, today: Date): string {
  if (days < 1) return 'today';
  if (days === 1) return 'yesterday';
  if (days < 60) return `${days} days ago`;
  const months = monthsBetween(then, today);
  if (months < 24) return `${months} months ago`;
  return `${Math.floor(months / 12)} years ago`;
}

/** Whole months by the calendar. */
function monthsBetween(then: Date, today: Date): number {
  const months = (today.getUTCFullYear() - then.getUTCFullYear()) * 12 + today.getUTCMonth() - then.getUTCMonth();
  return today.getUTCDate() < then.getUTCDate() ? months - 1 : months;
}
