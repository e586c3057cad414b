// The page on which queries are written: the editor in place of the plain form's text field, answers beneath it.
import Yasqe from "@zazuko/yasqe";
import Yasr from "@zazuko/yasr";
import { Answer, Failure } from "./answers.ts";

const form = document.getElementById("plain-editor") as HTMLFormElement | null;
const field = document.getElementById("query") as HTMLTextAreaElement | null;
const place = document.getElementById("editor");
const results = document.getElementById("results");

if (form && field && place && results) {
  Yasr.registerPlugin("table", Answer as never);
  Yasr.registerPlugin("error", Failure as never);
  const yasqe = new Yasqe(place, {
    value: field.value,
    persistenceId: null,
    consumeShareLink: null,
    // Nothing is asked of other sites: no prefixes, no names to complete.
    autocompleters: ["variables"],
    prefixCcApi: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "22rem",
    screenReaderLabel: "Query",
    createShareableLink: () => "",
    createShortLink: undefined,
    // The Tab key leaves the editor, as it leaves other fields.
    extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-Enter": () => form.requestSubmit(), "Cmd-Enter": () => form.requestSubmit() } as never,
    requestConfig: {
      endpoint: "/sparql",
      method: "POST",
      acceptHeaderSelect: "application/sparql-results+json",
      acceptHeaderGraph: "text/turtle",
      headers: {},
      args: [],
      namedGraphs: [],
      defaultGraphs: [],
      withCredentials: false,
    } as never,
  });
  const yasr = new Yasr(results, {
    persistenceId: null,
    pluginOrder: ["table", "response"],
    defaultPlugin: "table",
    maxPersistentResponseSize: 0,
    prefixes: () => yasqe.getPrefixesFromQuery(),
    errorRenderers: [],
  });
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.className = "quiet";
  form.append(status);
  for (const link of results.querySelectorAll(".yasr_external_ref_btn, .yasr_external_ref")) link.remove();
  field.closest("p")!.hidden = true;
  field.disabled = true;
  place.hidden = false;
  results.hidden = false;
  form.before(place);
  yasqe.refresh();
  yasqe.on("queryResponse", (_: unknown, response: never, duration: number) => {
    yasr.setResponse(response, duration);
    status.textContent = yasr.results?.hasError() ? "The query failed." : "Answered.";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    status.textContent = "Asking …";
    yasqe.query().catch(() => undefined);
  });
}
