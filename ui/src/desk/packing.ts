// What the packing page knows about parcels and what is scanned.
import type { DueRow } from '../lib/bindings/DueRow';
import type { ParcelRow } from '../lib/bindings/ParcelRow';
import type { ParcelsView } from '../lib/bindings/ParcelsView';

/** A line of the list: a parcel, or what has none yet. */
export type Line = { state: string; college: string; className: string; parcel: ParcelRow | null; due: DueRow | null };

/** What is being worked on comes first. */
export const STATES = ['open', 'due', 'closed', 'sent'] as const;

/** The carriers that can be chosen; `hand` is none, `own` has a name that staff type. */
export const CARRIERS = ['sf', 'ems', 'jd', 'zto', 'yto', 'sto', 'yunda', 'jt', 'deppon', 'hand', 'own'] as const;

/** How a parcel leaves, as far as it was chosen and typed. */
export interface Sending {
  parcel: string;
  choice: string;
  /** A carrier that is not in the list. */
  own: string;
  /** The tracking number. */
  typed: string;
}

/** Every line, what is being packed first. */
export function linesOf(view: ParcelsView): Line[] {
  const parcels = view.rows.map((parcel): Line => ({ state: parcel.state, college: parcel.college, className: parcel.className, parcel, due: null }));
  const due = view.due.map((one): Line => ({ state: 'due', college: one.college, className: one.className, parcel: null, due: one }));
  const all = [...parcels, ...due];
  return STATES.flatMap((state) => all.filter((line) => line.state === state));
}

/** Whether a line has what somebody looks for. */
export function matches(line: Line, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return wanted === '' || `${line.college}\n${line.className}`.toLowerCase().includes(wanted);
}

/** What a scanner typed, as it stands on the paper: a Chinese input method turns points and figures into wide ones. */
export function scanned(typed: string): string {
  return typed.normalize('NFKC').replaceAll('。', '.').trim();
}

/** Whether what became of a scan is what was meant; else somebody has to look. */
export function isGood(outcome: string): boolean {
  return outcome === 'put' || outcome === 'parcel';
}
