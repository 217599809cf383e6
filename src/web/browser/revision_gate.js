// @ts-check

/** For how long only lower revisions must arrive before one is accepted: the store went back. */
const GO_BACK_AFTER_MS = 10_000;

/**
 * Decides what may replace what is shown, so that the page never goes back: answers of several
 * instances, events and fetches arrive in any order. All times are milliseconds of one clock that
 * never steps back.
 */
export class RevisionGate {
  /** @type {number | undefined} */
  #revision;
  #admittedAt = -Infinity;
  /** @type {number | undefined} */
  #lowerSince;

  /** @param {number} [revision] of what is shown at first, if it is known */
  constructor(revision) {
    this.#revision = revision;
  }

  /** The revision of what is shown, if it is known. */
  get revision() {
    return this.#revision;
  }

  /**
   * Decides whether something may be shown: a revision that is not lower may, and a lower one after
   * ten seconds in which only lower ones arrived.
   *
   * @param {number | undefined} revision unknown if a proxy removed it, and for troubles
   * @param {number} requestedAt when it was asked for; the time of arrival for an event
   * @param {number} now
   */
  admit(revision, requestedAt, now) {
    if (revision !== undefined && revision >= (this.#revision ?? revision)) {
      this.#lowerSince = undefined;
      return this.#accept(revision, now);
    }
    // An event was faster than this request, whose content may be older.
    if (requestedAt < this.#admittedAt) return false;
    if (revision === undefined) return true;
    this.#lowerSince ??= requestedAt;
    if (requestedAt - this.#lowerSince < GO_BACK_AFTER_MS) return false;
    this.#lowerSince = undefined;
    return this.#accept(revision, now);
  }

  /**
   * @param {number} revision
   * @param {number} now
   */
  #accept(revision, now) {
    this.#revision = revision;
    this.#admittedAt = now;
    return true;
  }
}

/**
 * Reads the revision of an entity tag or an event id, such as `"12-Jk3"`; a proxy that compresses
 * writes `W/"12-Jk3"`.
 *
 * @param {string | null} tag
 * @returns {number | undefined}
 */
export function parseRevision(tag) {
  const digits = /^(?:W\/)?"(\d{1,16})-/.exec(tag ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits);
}
