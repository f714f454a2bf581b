// Sends the question as any OpenAI client would, and shows the answer as it comes.

import { tie } from "./cited.js";
import { duration, number } from "./figures.js";
import { frames } from "./sse.js";
import { addText, element, part } from "./visible.js";

/** @typedef {import("./cited.js").Cited} Cited */
/** @typedef {import("./cited.js").Source} Source */

const form = /** @type {HTMLFormElement} */ (part("ask"));
const hasTraces = form.dataset.traces === "yes";
const token = document.querySelector('meta[name="page-token"]')?.getAttribute("content") ?? "";
/** @type {AbortController | null} */
let running = null;

/** @param {string} text */
function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * @param {string} question
 * @param {string} model
 */
function showCurl(question, model) {
  const curl = part("curl");
  const body = JSON.stringify({ model, messages: [{ role: "user", content: question }] });
  curl.replaceChildren();
  addText(curl, `curl ${curl.dataset.base}/chat/completions -H "authorization: Bearer $HOLDFAST_KEY" -H 'content-type: application/json' \\\n  -d ${quote(body)}`);
}

/**
 * The address of a citation, on this host whatever name it was given; null when it is none of ours.
 * @param {string} url
 */
function place(url) {
  const parsed = URL.canParse(url, location.href) ? new URL(url, location.href) : null;
  return parsed !== null && parsed.pathname.startsWith("/documents/") ? `${parsed.pathname}${parsed.search}#passage` : null;
}

/** @param {string | null} address */
function link(address) {
  const made = document.createElement("a");
  if (address !== null) {
    made.href = address;
  }
  return made;
}

/** @param {Source} source */
function sourceEntry(source) {
  const { citation } = source.citations[0];
  const spans = source.citations.map(cited => cited.citation);
  const entry = element("div", "src");
  entry.id = `source-${source.number}`;
  const title = document.createElement("b");
  const opener = link(place(source.url));
  addText(opener, `${source.number} ${citation.document}`);
  title.append(opener);
  const facts = [
    citation.heading,
    citation.page ? `page ${number(citation.page)}` : undefined,
    `characters ${number(Math.min(...spans.map(span => span.start)))}–${number(Math.max(...spans.map(span => span.start + span.length)))}`,
    `score ${citation.score.toFixed(2)}`,
  ].filter(fact => fact !== undefined && fact !== null && fact !== "");
  entry.append(title, element("span", "", facts.join(" · ")));
  const said = document.createElement("q");
  for (const cited of source.citations) {
    const opened = link(place(cited.url));
    opened.append(element("mark", "", cited.citation.text));
    said.append(said.hasChildNodes() ? " … " : "", opened);
  }
  entry.append(said);
  return entry;
}

/**
 * @param {string} text
 * @param {Cited[]} cited
 */
function showCited(text, cited) {
  const { pieces, sources } = tie(text, cited);
  const target = part("answer-text");
  target.replaceChildren();
  for (const piece of pieces) {
    if (piece.source === null) {
      addText(target, piece.text);
    } else {
      const mark = document.createElement("a");
      mark.className = "cite";
      mark.href = `#source-${piece.source}`;
      mark.textContent = String(piece.source);
      target.append(mark);
    }
  }
  part("source-list").replaceChildren(...sources.map(sourceEntry));
  part("sources-note").textContent = `${number(sources.length)} cited`;
  part("sources").hidden = sources.length === 0;
}

/**
 * @param {{ message?: string, code?: string } | undefined} error
 * @param {string} status
 */
function showFault(error, status) {
  const fault = part("answer-fault");
  fault.replaceChildren(element("b", "", `${status} ${error?.code ?? ""} `));
  addText(fault, error?.message ?? "The answer ended without saying why.");
  fault.hidden = false;
}

/**
 * @param {string} how
 * @param {number} startedAt
 * @param {string | null} requestId
 */
function showNote(how, startedAt, requestId) {
  const note = part("answer-note");
  note.replaceChildren();
  addText(note, `${how} · ${duration((performance.now() - startedAt) * 1e3)}`);
  if (hasTraces && requestId !== null) {
    const trace = document.createElement("a");
    trace.href = `/requests/${encodeURIComponent(requestId)}`;
    addText(trace, `trace ${requestId}`);
    note.append(" · ", trace);
  }
}

/**
 * @param {string} by
 * @param {boolean} isRefused
 */
function how(by, isRefused) {
  return isRefused ? "nothing found that answers" : by === "extractive" ? "by extraction, no language model" : `by ${by}`;
}

/**
 * @param {string} question
 * @param {string} model
 */
async function ask(question, model) {
  running?.abort();
  const turn = new AbortController();
  running = turn;
  const startedAt = performance.now();
  part("answer").hidden = false;
  part("answer-fault").hidden = true;
  part("sources").hidden = true;
  part("answer-text").replaceChildren();
  part("answer-note").textContent = "asked";
  showCurl(question, model);
  const response = await fetch("/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json", "x-holdfast-page-token": token },
    body: JSON.stringify({ model, messages: [{ role: "user", content: question }], stream: true }),
    signal: turn.signal,
  });
  const requestId = response.headers.get("x-holdfast-request-id");
  const by = response.headers.get("x-holdfast-answered-by") ?? model;
  if (!response.ok || response.body === null) {
    const body = await response.json().catch(() => ({}));
    showFault(body.error, String(response.status));
    showNote("no answer", startedAt, requestId);
    return;
  }
  await show(response.body, startedAt, requestId, by, response.headers.has("x-holdfast-refused"));
}

/**
 * @param {ReadableStream<Uint8Array>} body
 * @param {number} startedAt
 * @param {string | null} requestId
 * @param {string} by
 * @param {boolean} isRefusedAtOnce
 */
async function show(body, startedAt, requestId, by, isRefusedAtOnce) {
  let text = "";
  /** @type {Cited[]} */
  let cited = [];
  let isRefused = isRefusedAtOnce;
  let isFinished = false;
  const target = part("answer-text");
  for await (const frame of frames(body)) {
    if (frame.error) {
      showFault(frame.error, "cut short:");
      break;
    }
    const choice = frame.choices?.[0];
    const delta = choice?.delta ?? {};
    if (typeof delta.content === "string" && delta.content !== "") {
      text += delta.content;
      addText(target, delta.content);
    }
    const told = frame.holdfast?.citations ?? [];
    if (Array.isArray(delta.annotations)) {
      cited = delta.annotations.map((/** @type {any} */ annotation, /** @type {number} */ i) => ({
        start: annotation.url_citation.start_index,
        end: annotation.url_citation.end_index,
        url: annotation.url_citation.url,
        citation: told[i] ?? { document: annotation.url_citation.title, start: 0, length: 0, text: "", score: 0 },
      }));
    }
    isRefused ||= frame.holdfast?.refused === true;
    isFinished ||= choice?.finish_reason !== undefined && choice?.finish_reason !== null;
  }
  showCited(text, cited);
  if (!isFinished && part("answer-fault").hidden) {
    showFault({ message: "The stream ended before the answer did." }, "cut short:");
  }
  showNote(isFinished ? how(by, isRefused) : "cut short", startedAt, requestId);
}

form.addEventListener("submit", event => {
  event.preventDefault();
  const fields = new FormData(form);
  const question = String(fields.get("q") ?? "").trim();
  const model = String(fields.get("model") ?? "");
  if (question === "") {
    return;
  }
  history.replaceState(null, "", `/ask?${new URLSearchParams({ q: question, model })}`);
  ask(question, model).catch(error => {
    if (error instanceof DOMException && error.name === "AbortError") {
      return;
    }
    showFault({ message: error instanceof TypeError ? "The service cannot be reached." : `The answer cannot be read: ${error}` }, "");
    part("answer-note").textContent = "no answer";
  });
});
