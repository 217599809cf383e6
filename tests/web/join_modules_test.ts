import { assertEquals, assertThrows } from "@std/assert";
import { joinModules } from "../../src/web/join_modules.ts";

const LIMITS = { timeout: 5_000 };

Deno.test("joinModules() puts each module once, after those it imports", LIMITS, () => {
  const sources = new Map([
    ["./a.js", `import { b } from "./b.js";\nimport { c } from "./deep/c.js";\n\nb(c);\n`],
    ["./b.js", `import {\n  c,\n} from "./deep/c.js";\n\nexport function b() {\n  return c;\n}\n`],
    ["./deep/c.js", "// A comment.\n/**\n * Another.\n */\nexport const c = 1; // end\n"],
    ["./unused.js", "export const unused = 1;\n"],
  ]);
  assertEquals(
    joinModules("./a.js", sources),
    "const c = 1; // end\n\nfunction b() {\nreturn c;\n}\n\nb(c);\n",
  );
});

Deno.test("joinModules() keeps code that follows a comment on its line", LIMITS, () => {
  const source = "/** A comment. */\nexport const a =\n  /** @type {const} */ (1);\n";
  assertEquals(
    joinModules("./a.js", new Map([["./a.js", source]])),
    "const a =\n/** @type {const} */ (1);\n",
  );
});

Deno.test("joinModules() refuses a missing module", LIMITS, () => {
  const sources = new Map([["./a.js", `import { b } from "./b.js";\n`]]);
  assertThrows(() => joinModules("./a.js", sources), Error, "./b.js is missing");
});

Deno.test("joinModules() refuses a name that two modules declare", LIMITS, () => {
  const sources = new Map([
    ["./a.js", `import { b } from "./b.js";\n\nfunction c() {}\nb(c);\n`],
    ["./b.js", "export const b = 1;\nconst c = 2;\n"],
  ]);
  assertThrows(() => joinModules("./a.js", sources), Error, "./b.js repeats c");
});
