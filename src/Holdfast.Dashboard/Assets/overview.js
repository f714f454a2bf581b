// Charts of the overview, drawn from the table of the same page, and fresh figures every five seconds.

import { keepLive } from "./live.js";
import { part } from "./visible.js";

/** @typedef {{ at: string, answered: number, refused: number, failed: number, p50: number | null, p95: number | null }} Step */

/** @returns {Step[]} oldest first */
function steps() {
  return [...part("traffic").querySelectorAll("tbody tr")].map(row => {
    const data = /** @type {HTMLElement} */ (row).dataset;
    const [, answered, refused, failed] = [...row.children].map(cell => Number((cell.textContent ?? "").replaceAll(",", "")));
    return {
      at: (data.at ?? "").slice(0, 8),
      answered, refused, failed,
      p50: data.p50 ? Number(data.p50) : null,
      p95: data.p95 ? Number(data.p95) : null,
    };
  }).reverse();
}

/** @param {string} name */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/**
 * What both charts share. The tooltip is drawn on the canvas: as HTML it would need style attributes, which the content policy forbids.
 * @param {Step[]} data
 * @param {number} minInterval
 */
function frame(data, minInterval) {
  const label = { color: colour("faint"), fontSize: 11 };
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 12, top: 34, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: colour("soft"), fontSize: 12 } },
    tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: colour("panel"), borderColor: colour("line"), textStyle: { color: colour("ink"), fontSize: 12 } },
    xAxis: { type: "category", data: data.map(step => step.at), axisLine: { lineStyle: { color: colour("line") } }, axisTick: { show: false }, axisLabel: label },
    yAxis: { type: "value", minInterval, axisLabel: label, splitLine: { lineStyle: { color: colour("line") } } },
  };
}

/** @type {{ traffic: any, ttft: any }} */
const charts = { traffic: null, ttft: null };

function draw() {
  const data = steps();
  part("charts").hidden = data.length === 0;
  if (data.length === 0) {
    return;
  }
  charts.traffic ??= echarts.init(part("chart-traffic"));
  charts.ttft ??= echarts.init(part("chart-ttft"));
  const bar = (/** @type {string} */ name, /** @type {"answered" | "refused" | "failed"} */ key, /** @type {string} */ role) =>
    ({ name, type: "bar", stack: "all", barCategoryGap: "25%", itemStyle: { color: colour(role) }, data: data.map(step => step[key]) });
  const line = (/** @type {string} */ name, /** @type {"p50" | "p95"} */ key, /** @type {string} */ role) =>
    ({ name, type: "line", showSymbol: data.filter(step => step[key] !== null).length < 12, symbolSize: 4, itemStyle: { color: colour(role) }, symbol: "circle", lineStyle: { width: 1.8 }, data: data.map(step => step[key]) });
  charts.traffic.setOption({ ...frame(data, 1), series: [bar("answered", "answered", "s1"), bar("refused", "refused", "s3"), bar("failed", "failed", "bad")] });
  charts.ttft.setOption({ ...frame(data, 0), series: [line("first token p50, ms", "p50", "s1"), line("p95, ms", "p95", "s2")] });
}

draw();
/** @type {HTMLDetailsElement} */ (part("numbers")).open = false;
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
addEventListener("resize", () => {
  charts.traffic?.resize();
  charts.ttft?.resize();
});

keepLive("/overview", 5000, async response => {
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const figures = fresh.getElementById("live");
  const rows = fresh.querySelector("#traffic tbody");
  if (figures === null || rows === null) {
    throw new Error("the answer is not this page");
  }
  part("live").replaceWith(figures);
  part("traffic").querySelector("tbody")?.replaceWith(rows);
  draw();
});
