// @ts-check
/// <reference lib="dom" />

/** Beside this script are the files of Swagger UI. */
const HERE = /** @type {HTMLScriptElement} */ (document.currentScript).src;

/** Paths are relative, for a proxy's prefix. */
const SERVICE = new URL(".", document.baseURI).href.slice(0, -1);

/** A stream never ends: a trial would wait for ever. */
const WITHOUT_STREAMS = {
  statePlugins: {
    spec: {
      wrapSelectors: {
        allowTryItOutFor: () => (/** @type {unknown} */ _, /** @type {string} */ path) =>
          path !== "/events",
      },
    },
  },
};

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function find(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page must have #${id}`);
  return element;
}

const button = find("try");
const progress = find("progress");
const reading = find("reading");
const trying = find("trying");
const title = find("trying-title");

/**
 * @param {HTMLScriptElement | HTMLLinkElement} element
 * @returns {Promise<unknown>}
 */
function load(element) {
  return new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = () => {
      element.remove();
      reject(new Error("Swagger UI could not be loaded"));
    };
    document.head.append(element);
  });
}

/** Adds what Swagger UI's elements lack: a table is a region to it, no key scrolls a body, a select has no name. */
function mend() {
  for (const table of trying.querySelectorAll("table[role=region]")) table.removeAttribute("role");
  for (const body of trying.querySelectorAll("pre.microlight")) body.setAttribute("tabindex", "0");
  for (const select of trying.querySelectorAll("tr[data-param-name] select")) {
    const name = select.closest("tr")?.dataset.paramName;
    if (name) select.setAttribute("aria-label", name);
  }
}

/** Loads what is 2 MB, and only some readers use. */
async function loadSwagger() {
  const script = Object.assign(document.createElement("script"), {
    src: new URL("swagger-ui.js", HERE).href,
  });
  const style = Object.assign(document.createElement("link"), {
    rel: "stylesheet",
    href: new URL("swagger-ui.css", HERE).href,
  });
  await Promise.all([load(script), load(style)]);
  new MutationObserver(mend).observe(trying, { childList: true, subtree: true });
  Reflect.get(globalThis, "SwaggerUIBundle")({
    url: "openapi.json",
    domNode: trying,
    validatorUrl: null,
    plugins: [() => WITHOUT_STREAMS],
  });
}

/** @type {Promise<void> | undefined} */
let swagger;

async function toggle() {
  const isTrying = !reading.hidden;
  progress.textContent = "Loading …";
  try {
    await (swagger ??= loadSwagger());
    reading.hidden = isTrying;
    trying.hidden = title.hidden = !isTrying;
    button.textContent = isTrying ? "Read" : "Try requests";
    progress.textContent = "";
  } catch {
    swagger = undefined;
    progress.textContent = "Loading failed. Try again.";
  }
}

for (const command of document.querySelectorAll("pre code")) {
  command.textContent = command.textContent?.replace("$URL", SERVICE) ?? "";
}
find("address").hidden = true;
button.hidden = false;
button.addEventListener("click", toggle);
