// @ts-check
/// <reference lib="dom" />
import { SPANS } from "./history.js";

/** @import { ChartSpan } from "./history.js" */

const PARAMETER = "span";

/**
 * Follows the choice of the chart's span, which the page's address keeps.
 *
 * @param {(span: ChartSpan) => void} onChange
 * @returns {ChartSpan} the span at first
 */
export function followSpan(onChange) {
  const radios = /** @type {NodeListOf<HTMLInputElement>} */ (
    document.querySelectorAll("input[name=span]")
  );
  const asked = new URL(location.href).searchParams.get(PARAMETER);
  for (const radio of radios) {
    if (radio.value === asked) radio.checked = true;
    radio.addEventListener("change", () => {
      const span = spanOf(radio.value);
      keepInAddress(span);
      onChange(span);
    });
  }
  const span = spanOf([...radios].find(({ checked }) => checked)?.value);
  keepInLinks(span);
  return span;
}

/**
 * @param {string | undefined} name
 * @returns {ChartSpan}
 */
function spanOf(name) {
  const [first, ...others] = SPANS;
  return others.find((span) => span.name === name) ?? first;
}

/** @param {ChartSpan} span */
function keepInAddress(span) {
  history.replaceState(history.state, "", withSpan(location.href, span));
  keepInLinks(span);
}

/**
 * Keeps the span when the reader changes the language.
 *
 * @param {ChartSpan} span
 */
function keepInLinks(span) {
  for (
    const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (
      document.querySelectorAll("a[hreflang]")
    )
  ) {
    const address = withSpan(link.href, span);
    if (address !== link.href) link.href = address;
  }
}

/**
 * @param {string} address
 * @param {ChartSpan} span
 */
function withSpan(address, span) {
  const url = new URL(address);
  if (span === SPANS[0]) url.searchParams.delete(PARAMETER);
  else url.searchParams.set(PARAMETER, span.name);
  return url.href;
}
