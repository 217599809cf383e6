import { assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };
import { importsBelow } from "./helpers/imports.ts";

Deno.test(
  "every dependency is imported, and pinned to one version",
  { timeout: 60_000 },
  async () => {
    const imports = await importsBelow("main.ts", "src", "dev", "tests", "bench");
    const used = new Set(imports.map(({ to }) => to));
    const unused = Object.keys(config.imports).filter((name) =>
      ![...used].some((to) => to === name || (to.startsWith(`${name.replace(/\/$/, "")}/`)))
    );
    assertEquals(unused, []);
    const loose = Object.values(config.imports).filter((to) => !/@\d+\.\d+\.\d+(\/|$)/.test(to));
    assertEquals(loose, []);
  },
);
