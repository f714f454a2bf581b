// A language model in the process: 32 streams of a real client at once, and the map of KV blocks while they run. Needs a running Holdfast with a model:
//   HOLDFAST_CONSOLE=http://127.0.0.1:8080 HOLDFAST_KEY=hf-… node engine.mjs
// Optional: HOLDFAST_SCREENSHOTS (a folder), HOLDFAST_BROWSER (path of Chromium).

import { join } from "node:path";
import OpenAI from "openai";
import { chromium } from "playwright-core";

const base = (process.env.HOLDFAST_CONSOLE ?? "http://127.0.0.1:8080").replace(/\/$/, "");
const key = process.env.HOLDFAST_KEY ?? "";
const shots = process.env.HOLDFAST_SCREENSHOTS ?? "";
const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: key, maxRetries: 0 });
const model = (await client.models.list()).data.map(entry => entry.id).find(id => !id.includes("@") && id !== "extractive") ?? "";
const topics = ["a lighthouse", "a river in spring", "an old clock", "a night train", "two brothers", "a small garden", "the first snow", "a lost letter"];

async function story(topic) {
  const stream = await client.chat.completions.create({ model, stream: true, temperature: 0, max_tokens: 100, messages: [{ role: "user", content: `Write a long story about ${topic}.` }] });
  let text = "";
  for await (const frame of stream) {
    text += frame.choices[0]?.delta?.content ?? "";
  }
  return text;
}

// What the page shows, as a person sees it: colours in order, and the numbers of the table.
function look(page) {
  return page.evaluate(() => ({
    map: [...document.querySelectorAll("#kv-map rect")].map(rect => `${rect.getAttribute("class")} ${rect.getAttribute("width")}`),
    sequences: document.querySelectorAll("#kv-sequences tbody tr").length,
    sentence: document.getElementById("kv-sentence")?.textContent ?? "",
  }));
}

const isHeld = entry => /^s\d /.test(entry);
const browser = await chromium.launch({
  executablePath: process.env.HOLDFAST_BROWSER ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
try {
  const page = await (await browser.newContext({ baseURL: base, viewport: { width: 1280, height: 900 } })).newPage();
  await page.goto("/");
  await page.fill('input[name="key"]', key);
  await Promise.all([page.waitForURL(url => !url.pathname.startsWith("/sign-in")), page.click("button")]);
  await page.goto("/kv");
  const idle = await look(page);

  const alone = [];
  for (const topic of topics) {
    alone.push(await story(topic));
  }
  const streams = Promise.all(Array.from({ length: 32 }, (_, i) => story(topics[i % topics.length])));
  await page.waitForFunction(() => document.querySelectorAll("#kv-sequences tbody tr").length >= 8);
  const early = await look(page);
  if (shots !== "") {
    await page.screenshot({ path: join(shots, "kv.png") });
  }
  await page.waitForFunction(before => [...document.querySelectorAll("#kv-map rect")].map(rect => `${rect.getAttribute("class")} ${rect.getAttribute("width")}`).join() !== before, early.map.join());
  const later = await look(page);
  const together = await streams;
  await page.waitForFunction(() => document.querySelectorAll("#kv-sequences tbody tr").length === 0);
  const after = await look(page);

  console.log(JSON.stringify({
    texts: together.length,
    empty: together.filter(text => text === "").length,
    different: together.filter((text, i) => text !== alone[i % topics.length]).length,
    heldIdle: idle.map.filter(isHeld).length,
    sequences: early.sequences,
    coloursEarly: new Set(early.map.filter(isHeld).map(entry => entry.split(" ")[0])).size,
    moved: early.map.join() !== later.map.join(),
    heldAfter: after.map.filter(isHeld).length,
    sentenceAfter: after.sentence,
  }));
} finally {
  await browser.close();
}
