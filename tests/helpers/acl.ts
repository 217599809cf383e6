/**
 * Reads the documented `ACL` line, without the time series: a plain Redis server does not know their
 * commands.
 */
export async function readAclRule(): Promise<string[]> {
  const text = await Deno.readTextFile(new URL("../../docs/acl.md", import.meta.url));
  const [, line] = /^ACL (SETUSER .*)$/m.exec(text) ?? [];
  if (line === undefined) {
    throw new Error("docs/acl.md must have a line that begins with ACL SETUSER");
  }
  return line.split(" ").filter((rule) => !rule.startsWith("+ts."));
}
