import { trace } from "@opentelemetry/api";

/** Gives the span that Deno has made of a request its route, by OpenTelemetry's HTTP conventions. */
export function markRoute(method: string, route: string): void {
  trace.getActiveSpan()?.setAttribute("http.route", route).updateName(`${method} ${route}`);
}
