import { assertEquals, assertThrows } from "@std/assert";
import { ProtocolError, RequestReader } from "../../../dev/redis/request_reader.ts";
import { encodeRequest } from "./resp_client.ts";

const OPTIONS = { timeout: 60_000 };

function readAll(reader: RequestReader): string[][] {
  const requests: string[][] = [];
  for (let request = reader.next(); request !== undefined; request = reader.next()) {
    requests.push(request);
  }
  return requests;
}

function readText(text: string): string[][] {
  const reader = new RequestReader();
  reader.push(text);
  return readAll(reader);
}

Deno.test(
  "RequestReader.next() finds the same requests however packets divide them",
  OPTIONS,
  () => {
    const requests = [["SET", "key", "a\r\nb"], ["GET", ""], ["PING"]];
    const text = requests.map(encodeRequest).join("");
    for (let size = 1; size <= text.length; size++) {
      const reader = new RequestReader();
      const found: string[][] = [];
      for (let start = 0; start < text.length; start += size) {
        reader.push(text.slice(start, start + size));
        found.push(...readAll(reader));
      }
      assertEquals(found, requests);
    }
  },
);

Deno.test("RequestReader.next() skips empty requests", OPTIONS, () => {
  assertEquals(readText("*0\r\n*-1\r\n*1\r\n$4\r\nPING\r\n"), [["PING"]]);
});

Deno.test("RequestReader.next() accepts values of any bytes", OPTIONS, () => {
  const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("");
  assertEquals(readText(encodeRequest([bytes, bytes])), [[bytes, bytes]]);
});

const FAULTS: [message: string, text: string][] = [
  ["expected '*', got 'P': inline commands are not supported", "PING\r\n"],
  ["invalid multibulk length", "*x\r\n"],
  ["invalid multibulk length", "*01\r\n"],
  ["invalid multibulk length", "*1048577\r\n"],
  ["expected '$', got '+'", "*1\r\n+PING\r\n"],
  ["invalid bulk length", "*1\r\n$x\r\n"],
  ["invalid bulk length", "*1\r\n$-1\r\n"],
  ["invalid bulk length", "*1\r\n$536870913\r\n"],
  ["too big mbulk count string", "*" + "1".repeat(70_000)],
  ["too big bulk count string", "*1\r\n$" + "1".repeat(70_000)],
];

Deno.test.each(FAULTS)('RequestReader.next() throws "%s"', OPTIONS, (message, text) => {
  assertThrows(() => readText(text), ProtocolError, message);
});
