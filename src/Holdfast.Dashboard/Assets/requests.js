// The newest requests, every two seconds.

import { clock, duration, number } from "./figures.js";
import { keepLive } from "./live.js";
import { addText, element, part } from "./visible.js";

/**
 * @typedef {{ id: string, at: string, key?: string, route: string, model?: string, answeredBy?: string, status: number,
 *   microseconds: number, ttftMicroseconds?: number, promptTokens?: number, completionTokens?: number, note?: string }} Row
 */

/** @param {number} status */
function level(status) {
  return status < 400 ? "tag" : status < 500 || status === 503 ? "tag warn" : "tag bad";
}

/**
 * @param {string | undefined} text
 * @param {number} max
 */
function short(text, max) {
  return text === undefined || text === null ? "" : text.length > max ? `${text.slice(0, max)} …` : text;
}

/** @param {Row} row */
function line(row) {
  const made = document.createElement("tr");
  const time = document.createElement("time");
  time.dateTime = row.at;
  time.title = row.at;
  time.textContent = clock(row.at);
  const when = document.createElement("td");
  when.append(time);
  const link = document.createElement("a");
  link.href = `/requests/${encodeURIComponent(row.id)}`;
  addText(link, row.id);
  const id = element("td", "mono grow");
  id.append(link);
  const status = document.createElement("td");
  status.append(element("span", level(row.status), String(row.status)));
  made.append(
    when,
    id,
    status,
    element("td", "opt", short(row.key, 40)),
    element("td", "opt", short(row.model ?? row.route, 60)),
    element("td", "opt", short(row.answeredBy, 40)),
    element("td", "num", duration(row.microseconds)),
    element("td", "num opt", duration(row.ttftMicroseconds)),
    element("td", "num opt", number(row.promptTokens)),
    element("td", "num opt", number(row.completionTokens)),
    element("td", "note line", short(row.note, 120)),
  );
  return made;
}

const body = part("requests").querySelector("tbody");
let newest = "";

keepLive("/admin/requests?limit=50", 2000, async response => {
  /** @type {{ data: Row[] }} */
  const { data } = await response.json();
  const state = data.map(row => `${row.id} ${row.status} ${row.microseconds}`).join("\n");
  if (state !== newest && data.length > 0) {
    newest = state;
    body?.replaceChildren(...data.map(line));
    document.getElementById("none")?.remove();
  }
});
