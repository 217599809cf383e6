import { assertEquals } from "@std/assert";
import { Model, type Trouble } from "./model.ts";

/** Runs the model with many seeds; the same seed leads to the same order. */
Deno.test.each<{ trouble: Trouble; orders: number }>([
  { trouble: "nothing", orders: 2_000 },
  { trouble: "lost replies", orders: 1_500 },
  { trouble: "vanished revision", orders: 500 },
  { trouble: "emptied", orders: 500 },
  { trouble: "restored", orders: 500 },
])("Summaries stay in order in $orders orders of steps, with trouble: $trouble", {
  timeout: 60_000,
}, async ({ trouble, orders }) => {
  for (let seed = 1; seed <= orders; seed++) {
    assertEquals(await new Model(seed, trouble).run(), undefined, `seed ${seed}`);
  }
});
