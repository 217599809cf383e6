import { assertEquals } from "@std/assert";
import { parseRevision, RevisionGate } from "../../../src/web/browser/revision_gate.js";

const LIMITS = { timeout: 60_000 };

/** Something that arrives: its revision, when it was asked for, and when it arrives. */
type Arrival = [revision: number | undefined, requestedAt: number, now: number];

/** Which of the arrivals a gate that shows revision 5 admits. */
function admitAll(arrivals: Arrival[]): boolean[] {
  const gate = new RevisionGate(5);
  return arrivals.map((arrival) => gate.admit(...arrival));
}

const CASES: { what: string; arrivals: Arrival[]; admitted: boolean[] }[] = [
  { what: "a higher revision", arrivals: [[6, 0, 1]], admitted: [true] },
  { what: "an equal revision", arrivals: [[5, 0, 1]], admitted: [true] },
  { what: "no lower revision", arrivals: [[4, 0, 1]], admitted: [false] },
  {
    what: "no lower revision within ten seconds of the first",
    arrivals: [[4, 0, 1], [3, 9_999, 10_000]],
    admitted: [false, false],
  },
  {
    what: "a lower revision after ten seconds of lower ones",
    arrivals: [[4, 0, 1], [3, 10_000, 10_001], [3, 10_002, 10_003]],
    admitted: [false, true, true],
  },
  {
    what: "no lower revision after a higher one between",
    arrivals: [[4, 0, 1], [6, 5_000, 5_001], [4, 10_000, 10_001], [4, 19_999, 20_000]],
    admitted: [false, true, false, false],
  },
  {
    what: "no lower revision after an equal one between",
    arrivals: [[4, 0, 1], [5, 5_000, 5_001], [4, 10_000, 10_001]],
    admitted: [false, true, false],
  },
  {
    what: "no fetch that a newer event overtook, however long it took",
    arrivals: [[6, 1_000, 1_000], [5, 0, 60_000], [undefined, 0, 60_000], [6, 0, 60_000]],
    admitted: [true, false, false, true],
  },
  {
    what: "no overtaken fetch as the first of ten seconds of lower ones",
    arrivals: [[6, 1_000, 1_000], [5, 0, 2_000], [5, 11_000, 11_001], [5, 21_000, 21_001]],
    admitted: [true, false, false, true],
  },
  {
    what: "an unknown revision that nothing overtook",
    arrivals: [[undefined, 0, 1], [6, 2, 3], [undefined, 3, 4]],
    admitted: [true, true, true],
  },
];

Deno.test.each(CASES)("RevisionGate admits $what", LIMITS, ({ arrivals, admitted }) => {
  assertEquals(admitAll(arrivals), admitted);
});

Deno.test("RevisionGate admits anything at first, and goes on from there", LIMITS, () => {
  const gate = new RevisionGate();
  assertEquals([gate.admit(undefined, 0, 0), gate.admit(3, 1, 2), gate.admit(2, 3, 4)], [
    true,
    true,
    false,
  ]);
  assertEquals(gate.revision, 3);
});

Deno.test.each([
  { tag: `"12-Jk3"`, revision: 12 },
  { tag: `W/"12-Jk3"`, revision: 12 },
  { tag: `"1790812800000-x"`, revision: 1_790_812_800_000 },
  { tag: `"Jk3"`, revision: undefined },
  { tag: `"12"`, revision: undefined },
  { tag: `"-12-x"`, revision: undefined },
  { tag: "2021-07-07T12:30:00.000Z", revision: undefined },
  { tag: "", revision: undefined },
  { tag: null, revision: undefined },
])("parseRevision() reads $revision from $tag", LIMITS, ({ tag, revision }) => {
  assertEquals(parseRevision(tag), revision);
});
