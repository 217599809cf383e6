// Runs before a task, without permissions: an older Deno would fail later, at a flag or an import.

const MINIMUM = "2.9";

const { deno } = Deno.version;
if (deno.localeCompare(MINIMUM, "en", { numeric: true }) < 0) {
  console.error(
    `Is Bitcoin Lit needs Deno ${MINIMUM} or later, is ${deno}: ` +
      'run "deno upgrade", or write "npx --yes deno@2.9.6" instead of "deno"',
  );
  Deno.exit(1);
}
