import { trace } from "@opentelemetry/api";

/** Adds the route to the span that Deno started for a request (OpenTelemetry's HTTP conventions). */
export function markRoute(method: string, route: string | undefined): void {
  if (route === undefined) return;
  trace.getActiveSpan()?.setAttribute("http.route", route).updateName(`${method} ${route}`);
}
