import { assertEquals, assertThrows } from "@std/assert";
import { formatReply, readReply } from "../../dev/redis_reply.ts";

const OPTIONS = { timeout: 60_000 };
const NESTED = "*2\r\n*3\r\n:1\r\n+OK\r\n$-1\r\n*2\r\n$2\r\na\n\r\n*0\r\n";

Deno.test("readReply() waits for every byte of a reply", OPTIONS, () => {
  for (let length = 0; length < NESTED.length; length++) {
    assertEquals(readReply(NESTED.slice(0, length)), undefined, `${length} bytes`);
  }
  assertEquals(readReply(NESTED + "+OK\r\n")?.end, NESTED.length);
});

Deno.test("readReply() throws at a type of another protocol", OPTIONS, () => {
  assertThrows(() => readReply(",1.5\r\n"), Error, 'not ","');
});

Deno.test("formatReply() aligns numbers and nested lists", OPTIONS, () => {
  assertEquals(
    formatReply(readReply(NESTED)?.reply ?? null),
    '1) 1) (integer) 1\n   2) OK\n   3) (nil)\n2) 1) "a\\n"\n   2) (empty array)',
  );
  const ten = readReply("*10\r\n" + "*1\r\n:1\r\n".repeat(10))?.reply ?? null;
  assertEquals(formatReply(ten).split("\n").at(-2), " 9) 1) (integer) 1");
});
