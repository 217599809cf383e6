import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { HOUR_MS, pairAverages } from "../../src/samples/bucket.ts";
import * as summary from "../../src/summary/summary.ts";
import * as hourStates from "../../src/track_record/hour_states.ts";
import { findSpecifiers } from "../helpers/imports.ts";

const LIMIT = { timeout: 60_000 };
const ROOT = new URL("../../", import.meta.url);
const NOON = Date.UTC(2021, 6, 7, 12);
const OPTIONS = { feed: "test", staleAfterMs: HOUR_MS };

interface Hour {
  readonly price: number | undefined;
  readonly sentiment: number | undefined;
}

interface Rule {
  readonly summary: typeof summary;
  readonly hourStates: typeof hourStates;
}

/** Whether the last hour of a table is lit: for the answer, and for the track record. */
function judge(hours: readonly Hour[], { summary, hourStates }: Rule) {
  const table = {
    price: hours.map(({ price }) => price),
    sentiment: hours.map(({ sentiment }) => sentiment),
  };
  const listed = (values: readonly (number | undefined)[]) =>
    values.flatMap((value, i) => value === undefined ? [] : [{ time: NOON + i * HOUR_MS, value }]);
  const averages = { price: listed(table.price), sentiment: listed(table.sentiment) };
  const summarized = summary.summarize(pairAverages(averages), NOON);
  return {
    answer: summarized && summary.answerAt(summarized, NOON, OPTIONS).lit,
    record: hourStates.findHourStates(table).at(-1),
  };
}

/** Loads copies of the modules in which one text of the rule is replaced by another. */
async function changeRule(folder: string, old: string, changed: string): Promise<Rule> {
  const pending = ["src/track_record/hour_states.ts"];
  for (const file of pending) {
    const text = await Deno.readTextFile(new URL(file, ROOT));
    for (const { specifier, isType } of findSpecifiers(text)) {
      if (!isType) pending.push(new URL(specifier, `x:/${file}`).pathname.slice(1));
    }
    const copy = `${folder}/${file}`;
    await Deno.mkdir(copy.slice(0, copy.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(copy, text.replace(old, changed));
  }
  return {
    summary: await import(`file://${folder}/src/summary/summary.ts`),
    hourStates: await import(`file://${folder}/src/track_record/hour_states.ts`),
  };
}

const RISES = { price: [1, 2, 3], sentiment: [0, 0.1, 0.2] };
const PRICE_RISES = { price: [1, 2, 3], sentiment: [0.2, 0.1, 0] };

function hoursOf({ price, sentiment }: typeof RISES): Hour[] {
  return price.map((value, i) => ({ price: value, sentiment: sentiment[i] }));
}

Deno.test("isLit() decides for the answer and for the track record", LIMIT, async () => {
  const rule = { summary, hourStates };
  assertEquals(judge(hoursOf(RISES), rule), { answer: true, record: "lit" });
  assertEquals(judge(hoursOf(PRICE_RISES), rule), { answer: false, record: "unlit" });

  const folder = await Deno.makeTempDir();
  try {
    const priceOnly = await changeRule(folder, "METRICS.every(", "METRICS.slice(0, 1).every(");
    assertEquals(judge(hoursOf(PRICE_RISES), priceOnly), { answer: true, record: "lit" });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const VALUE = fc.option(fc.integer({ min: -2, max: 2 }), { nil: undefined });
const HOURS = fc.array(fc.record({ price: VALUE, sentiment: VALUE }), { minLength: 1 });

Deno.test("isLit() gives the answer what it gives the track record's last hour", LIMIT, () => {
  fc.assert(fc.property(HOURS, fc.integer({ min: -2, max: 2 }), (hours, value) => {
    // The summary ends with the newest hour that has both metrics.
    const { answer, record } = judge([...hours, { price: value, sentiment: 1 }], {
      summary,
      hourStates,
    });
    assert(answer !== undefined && record !== undefined);
    assertEquals(answer, record === "lit");
  }));
});
