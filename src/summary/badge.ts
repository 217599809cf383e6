import type { State } from "./summary.ts";

const LABEL = "bitcoin";

/** What a badge says and in which of shields' named colors. */
interface BadgeLook {
  readonly message: "lit" | "not lit" | "unknown";
  readonly color: string;
}

/** The answer to shields' endpoint badge. */
export interface BadgeJson extends BadgeLook {
  readonly schemaVersion: 1;
  readonly label: string;
}

const UNKNOWN: BadgeLook = { message: "unknown", color: "lightgrey" };

const LOOKS: Readonly<Record<State, BadgeLook>> = {
  lit: { message: "lit", color: "orange" },
  unlit: { message: "not lit", color: "blue" },
  stale: UNKNOWN,
};

/** Describes a badge for shields.io; without a state there is no data. */
export function badgeJson(state: State | undefined): BadgeJson {
  const { message, color } = state === undefined ? UNKNOWN : LOOKS[state];
  return { schemaVersion: 1, label: LABEL, message, color };
}

/** Renders a badge as SVG; without a state there is no data. */
export async function renderBadge(state: State | undefined): Promise<string> {
  // Loaded when first used: its tables of character widths are 1 MB.
  const { makeBadge } = await import("badge-maker");
  const { label, message, color } = badgeJson(state);
  return makeBadge({ label, message, color });
}
