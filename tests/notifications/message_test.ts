import { assertEquals } from "@std/assert";
import { composeMessage } from "../../src/notifications/message.ts";
import { ANSWERS } from "../helpers/webhooks.ts";

const TIME_LIMIT = { timeout: 10_000 };
const SINCE = Date.UTC(2021, 6, 7, 12, 30);

function compose(state: keyof typeof ANSWERS, publicUrl?: string) {
  const transition = { state, since: SINCE };
  return composeMessage({ id: "msg_1", transition, answer: ANSWERS[state], publicUrl });
}

Deno.test("composeMessage() carries the answer and the time of the change", TIME_LIMIT, () => {
  assertEquals(compose("lit"), {
    id: "msg_1",
    type: "bitcoin.lit",
    timestamp: "2021-07-07T12:30:00.000Z",
    text: "Bitcoin is lit: price is rising, sentiment is rising.",
    data: ANSWERS.lit,
  });
});

Deno.test("composeMessage() links to the page whose address is known", TIME_LIMIT, () => {
  assertEquals(
    compose("unlit", "https://lit.example").text,
    "Bitcoin is not lit: price is falling, sentiment is rising. https://lit.example",
  );
});

Deno.test("composeMessage() says how old stale data is", TIME_LIMIT, () => {
  assertEquals(
    compose("stale").text,
    "It is unknown whether Bitcoin is lit: the newest data is from 2021-07-07T12:30:00.000Z.",
  );
});
