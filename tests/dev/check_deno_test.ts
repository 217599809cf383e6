import { assertEquals, assertStringIncludes } from "@std/assert";
import { DEPLOY_DENO } from "../helpers/needs.ts";

const ON_OLD_DENO = { ignore: !DEPLOY_DENO, timeout: 60_000 };

Deno.test.each([["dev"], ["start"], ["test"]])(
  "deno task %s names the version that it needs on an older Deno",
  ON_OLD_DENO,
  async (task) => {
    const { code, stderr } = await new Deno.Command(DEPLOY_DENO ?? "", {
      args: ["task", "--quiet", task],
      cwd: new URL("../../", import.meta.url),
      env: { NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stderr);
    assertStringIncludes(text, "needs Deno 2.9 or later, is 2.5.");
    assertEquals([code, text.trim().split("\n").length], [1, 1]);
  },
);
