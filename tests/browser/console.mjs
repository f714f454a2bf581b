// Drives the console in a real browser. Needs a running Holdfast:
//   HOLDFAST_CONSOLE=http://127.0.0.1:8080 HOLDFAST_KEY=hf-… node console.mjs
// Optional: HOLDFAST_QUESTION (asked of the default model), HOLDFAST_SCREENSHOTS (a folder), HOLDFAST_BROWSER (path of Chromium).

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

const base = (process.env.HOLDFAST_CONSOLE ?? "http://127.0.0.1:8080").replace(/\/$/, "");
const key = process.env.HOLDFAST_KEY ?? "";
const question = process.env.HOLDFAST_QUESTION ?? "How do I restart the pump service?";
const shots = process.env.HOLDFAST_SCREENSHOTS ?? "";
const sizes = [{ width: 1280, height: 900 }, { width: 420, height: 900 }];
const schemes = /** @type {("light" | "dark")[]} */ (["light", "dark"]);

let passed = 0;
let failed = 0;

function check(name, holds, why = "") {
  if (holds) {
    passed++;
    console.log(`ok     ${name}`);
  } else {
    failed++;
    console.log(`not ok ${name}${why === "" ? "" : `: ${why}`}`);
  }
}

// A page's own complaints: console errors, refused resources, uncaught exceptions, requests to another host.
function listen(page, faults, expected) {
  page.on("console", message => {
    if (["error", "warning"].includes(message.type()) && !expected.some(pattern => pattern.test(message.text()))) {
      faults.push(`${message.type()}: ${message.text()} (${page.url()})`);
    }
  });
  page.on("pageerror", error => faults.push(`exception: ${error.message} (${page.url()})`));
  page.on("request", request => {
    if (!request.url().startsWith(`${base}/`)) {
      faults.push(`another host: ${request.url()}`);
    }
  });
}

async function open(browser, options, expected = []) {
  const context = await browser.newContext({ ...options, baseURL: base });
  const page = await context.newPage();
  const faults = [];
  listen(page, faults, expected);
  return { context, page, faults };
}

async function signIn(page) {
  await page.goto("/");
  await page.fill('input[name="key"]', key);
  await Promise.all([page.waitForURL(url => !url.pathname.startsWith("/sign-in")), page.click("button")]);
}

async function shoot(page, name) {
  if (shots !== "") {
    await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  }
}

async function overflows(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

async function strangers(browser) {
  const { context, page, faults } = await open(browser, { viewport: sizes[0] });
  for (const address of ["/", "/ask?q=x", "/overview", "/requests", "/documents", "/documents/x"]) {
    await page.goto(address);
    const text = await page.innerText("main");
    check(`a stranger at ${address} sees the sign-in page alone`, await page.locator('input[name="key"]').count() === 1 && await page.locator("nav").count() === 0, text.slice(0, 120));
  }
  await page.fill('input[name="key"]', "hf-not-a-key");
  await page.click("button");
  await page.waitForURL(/failed=/);
  check("a wrong key is told so", (await page.innerText("main")).includes("not known"));
  check("the sign-in page is clean", faults.length === 0, faults.join("; "));
  await context.close();
}

async function pagesWithoutScript(browser) {
  const { context, page, faults } = await open(browser, { viewport: sizes[0], javaScriptEnabled: false });
  await signIn(page);
  await page.fill('input[name="q"]', question);
  await Promise.all([page.waitForURL(/\/ask\?/), page.click("form.ask button")]);
  const answer = await page.innerText("#answer-text");
  check("without JavaScript the form is answered by the server", answer.length > 20, answer);
  check("the answer has citation marks", await page.locator("#answer-text .cite").count() > 0);
  await page.click("#answer-text .cite >> nth=0");
  check("a mark leads to its source", /#source-\d+$/.test(page.url()), page.url());
  await Promise.all([page.waitForURL(/\/documents\//), page.click("#source-list .src a >> nth=0")]);
  await markIsShown(page, "a citation opens the document at the mark without JavaScript");
  await page.goto(page.url().replace("#passage", ""));
  await markIsShown(page, "an address without #passage scrolls to the mark too");
  await page.goto("/overview");
  check("the overview's numbers stand in a table", await page.locator("#traffic").isVisible() && await page.locator("#charts").isHidden());
  await page.goto("/requests");
  check("requests are listed without JavaScript", await page.locator("#requests tbody tr").count() > 0);
  await Promise.all([page.waitForURL(/\/requests\/.+/), page.click("#requests tbody a >> nth=0")]);
  check("a request opens its trace", await page.locator(".way .lane").count() > 0);
  check("pages without JavaScript are clean", faults.length === 0, faults.join("; "));
  await context.close();
}

async function markIsShown(page, name) {
  const box = await page.locator("#passage").first().boundingBox();
  const height = page.viewportSize()?.height ?? 0;
  check(name, box !== null && box.y >= 0 && box.y < height, JSON.stringify(box));
}

async function askWithScript(browser) {
  const { context, page, faults } = await open(browser, { viewport: sizes[0] });
  await signIn(page);
  await page.fill('input[name="q"]', question);
  const [request] = await Promise.all([page.waitForRequest("**/v1/chat/completions"), page.click("form.ask button")]);
  check("with JavaScript the question goes to the API as a stream", request.postDataJSON().stream === true && request.headers()["x-holdfast-page-token"] !== undefined);
  await page.waitForSelector("#answer-text .cite");
  check("the streamed answer names its trace", await page.locator("#answer-note a").count() === 1, await page.innerText("#answer-note"));
  check("no fault is shown", await page.locator("#answer-fault").isHidden(), await page.locator("#answer-fault").textContent());
  const streamed = await page.innerText("#answer-text");
  await shoot(page, "ask-streamed");
  await page.reload();
  const served = await page.innerText("#answer-text");
  check("script and server show the same answer", streamed === served, `${streamed} / ${served}`);
  await page.fill('input[name="q"]', question);
  await page.click("form.ask button");
  await page.waitForSelector("#source-list .src a");
  await Promise.all([page.waitForURL(/\/documents\//), page.click("#source-list .src a >> nth=0")]);
  await markIsShown(page, "a streamed citation opens the document at the mark");
  check("the mark holds text", (await page.innerText("#passage")).trim().length > 0);
  check("asking is clean", faults.length === 0, faults.join("; "));
  await context.close();
}

// The rules that stand twice, in C# and in JavaScript: the same cases as WordTests and ViewTests of the unit tests.
async function rulesOfTheScripts(browser) {
  const { context, page } = await open(browser, { viewport: sizes[0] });
  await signIn(page);
  await page.waitForLoadState("networkidle");
  const loaded = name => page.evaluate(part => performance.getEntriesByType("resource").map(entry => entry.name).find(address => address.includes(part)) ?? "", name);
  const named = await page.evaluate(async ([address, texts]) => {
    const { addText } = await import(address);
    return texts.map(text => {
      const target = document.createElement("p");
      addText(target, text);
      return [...target.querySelectorAll(".odd")].map(box => box.textContent).join(" ");
    });
  }, /** @type {[string, string[]]} */ ([await loaded("/assets/visible."), [
    "caf\u00e9 \u4f60\u597d \ud83d\ude00 \u0645\u0631\n\tx\r\ny", "a\u202eb", "a\u200db", "\ud83d\udc69\u200d\ud83d\udcbb", "\u0645\u06cc\u200c\u062e\u0648", "x\udb40\udc41", "x\ud83d", "a\rb", "\u0000\u00ad\ufeff",
  ]]));
  const wanted = ["", "U+202E", "U+200D", "", "", "U+E0041", "U+D83D", "U+000D", "U+0000 U+00AD U+FEFF"];
  check("the scripts name the characters that would not be seen as the server does", JSON.stringify(named) === JSON.stringify(wanted), JSON.stringify(named));
  const tied = await page.evaluate(async ([address, cases]) => {
    const { tie } = await import(address);
    return cases.map(([text, ...spans]) => tie(text, spans.map(([start, end, name]) => ({ start, end, url: "", citation: { document: name, start: 0, length: 6, text: "source", score: 1 } })))
      .pieces.map(piece => piece.source === null ? piece.text : `(${piece.source})`).filter(piece => piece !== ""));
  }, /** @type {[string, any[]]} */ ([await loaded("/assets/cited."), [
    ["First thing [2]. Second thing [1]", [0, 11, "b"], [17, 29, "a"]],
    ["A fact. And more.", [0, 7, "a"]],
    ["See [7] in the array [1] of the code. Cited [1]", [38, 43, "a"]],
    ["Cited here [1] and on", [0, 14, "a"]],
  ]]));
  const cut = [["First thing", "(2)", ". Second thing", "(1)"], ["A fact.", "(1)", " And more."], ["See [7] in the array [1] of the code. Cited", "(1)"], ["Cited here", "(1)", " and on"]];
  check("the scripts tie marks to sources as the server does", JSON.stringify(tied) === JSON.stringify(cut), JSON.stringify(tied));
  await context.close();
}

async function livePages(browser) {
  const { context, page, faults } = await open(browser, { viewport: sizes[0] });
  await signIn(page);
  const polled = page.waitForResponse(response => response.url().includes("/admin/requests?limit=50"));
  await page.goto("/requests");
  check("the list of requests is polled", (await polled).ok());
  await page.waitForFunction(() => document.getElementById("age")?.textContent?.startsWith("live") === true);
  await context.setOffline(true);
  await page.waitForFunction(() => /s old/.test(document.getElementById("age")?.textContent ?? ""));
  check("when the service is away the last rows stay, with their age", await page.locator("#requests tbody tr").count() > 0, await page.innerText("#age"));
  await context.setOffline(false);
  await page.waitForFunction(() => document.getElementById("age")?.textContent?.startsWith("live") === true);
  check("and it is live again afterwards", true);
  // The browser itself reports each try that found nobody.
  check("living is clean", faults.filter(fault => !fault.includes("ERR_INTERNET_DISCONNECTED")).length === 0, faults.join("; "));
  await context.close();
}

// Every page at every size in both colour schemes.
async function looks(browser, addresses) {
  for (const viewport of sizes) {
    for (const colorScheme of schemes) {
      const { context, page, faults } = await open(browser, { viewport, colorScheme }, [/404 \(Not Found\)/]);
      await signIn(page);
      for (const [name, address] of addresses) {
        const label = `${name}-${viewport.width}-${colorScheme}`;
        await page.goto(address);
        if (name === "overview") {
          await page.waitForSelector("#chart-traffic canvas");
        }
        await shoot(page, label);
        const wide = await overflows(page);
        check(`${label} fits its width`, wide <= 0, `${wide} px too wide`);
      }
      check(`pages at ${viewport.width} px ${colorScheme} are clean`, faults.length === 0, faults.join("; "));
      await context.close();
    }
  }
}

// The pages to look at, found by following links as a person would.
async function discover(browser) {
  const { context, page } = await open(browser, { viewport: sizes[0] });
  await signIn(page);
  const addresses = [["ask-empty", "/"], ["ask", `/ask?q=${encodeURIComponent(question)}`], ["overview", "/overview"], ["requests", "/requests"], ["documents", "/documents"], ["quarantine", "/documents?quarantined=true"], ["missing", "/documents/no-such-document"]];
  await page.goto(addresses[1][1]);
  const cited = await page.getAttribute("#source-list .src a >> nth=0", "href");
  const trace = await page.getAttribute("#answer-note a", "href");
  addresses.push(["document", cited ?? "/documents"], ["trace", trace ?? "/requests"]);
  await page.goto("/documents?quarantined=true");
  check("quarantined documents are listed with a reason", await page.locator("table.rows tbody tr .tag").count() > 0);
  if (await page.locator('header nav a[href="/kv"]').count() > 0) {
    addresses.push(["kv", "/kv"]);
  }
  for (const entry of await page.locator("header nav a").all()) {
    const address = await entry.getAttribute("href") ?? "";
    const response = await context.request.get(address);
    check(`the page ${address} of the navigation exists`, response.ok(), String(response.status()));
  }
  await context.close();
  return addresses;
}

async function signInPageLooks(browser) {
  for (const viewport of sizes) {
    for (const colorScheme of schemes) {
      const { context, page } = await open(browser, { viewport, colorScheme });
      await page.goto("/sign-in?failed=key");
      await shoot(page, `sign-in-${viewport.width}-${colorScheme}`);
      check(`sign-in at ${viewport.width} px ${colorScheme} fits its width`, await overflows(page) <= 0);
      await context.close();
    }
  }
}

async function run(name, part) {
  try {
    return await part();
  } catch (error) {
    check(name, false, String(error).split("\n").slice(0, 3).join(" "));
    return undefined;
  }
}

async function main() {
  if (shots !== "") {
    await mkdir(shots, { recursive: true });
  }
  const browser = await chromium.launch({
    executablePath: process.env.HOLDFAST_BROWSER ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    await run("strangers", () => strangers(browser));
    await run("pages without JavaScript", () => pagesWithoutScript(browser));
    await run("asking with JavaScript", () => askWithScript(browser));
    await run("the rules of the scripts", () => rulesOfTheScripts(browser));
    await run("live pages", () => livePages(browser));
    const addresses = await run("the way through the pages", () => discover(browser));
    await run("looks", () => looks(browser, addresses ?? []));
    await run("looks of the sign-in page", () => signInPageLooks(browser));
  } finally {
    await browser.close();
  }
}

await run("the browser starts", main);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
