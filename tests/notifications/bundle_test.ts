import { assert, assertEquals } from "@std/assert";
import { MESSAGE, receiverAt } from "../helpers/webhooks.ts";
import { WebhookReceiver } from "../helpers/webhook_receiver.ts";

const ROOT = new URL("../../", import.meta.url);
const SECRET = `whsec_${new Uint8Array(24).toBase64()}`;

Deno.test("send() signs messages in a bundle too", { timeout: 60_000 }, async () => {
  const outdir = await Deno.makeTempDir();
  try {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "bundle",
        "--quiet",
        "--code-splitting",
        "--outdir",
        outdir,
        "src/notifications/send.ts",
      ],
      cwd: ROOT,
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const { createSender } = await import(`file://${outdir}/send.js`);
    await using receiver = await WebhookReceiver.start();
    const send = createSender({ secret: SECRET, clock: Date });
    const { signal } = new AbortController();
    const { outcome } = await send(receiverAt(receiver.url), MESSAGE, signal);
    assertEquals(outcome, "delivered");
    assert(receiver.onlyMessage.headers["webhook-signature"]?.startsWith("v1,"));
  } finally {
    await Deno.remove(outdir, { recursive: true });
  }
});
