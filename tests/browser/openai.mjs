// Asks with the client that people use: a streamed answer with its citations, then the same unstreamed. Needs a running Holdfast:
//   HOLDFAST_URL=http://127.0.0.1:8080/v1 HOLDFAST_KEY=hf-… node openai.mjs "How do I restart the pump service?"
// Prints one JSON object.

import OpenAI from "openai";

const client = new OpenAI({ baseURL: process.env.HOLDFAST_URL, apiKey: process.env.HOLDFAST_KEY, maxRetries: 0 });
const question = process.argv[2];
const model = (await client.models.list()).data[0].id;
const messages = /** @type {const} */ ([{ role: "user", content: question }]);

let streamed = "";
let chunks = 0;
let annotations = [];
let usage = null;
for await (const chunk of await client.chat.completions.create({ model, messages: [...messages], stream: true, stream_options: { include_usage: true } })) {
  const delta = chunk.choices[0]?.delta;
  streamed += delta?.content ?? "";
  chunks += delta?.content ? 1 : 0;
  annotations = /** @type {any} */ (delta)?.annotations ?? annotations;
  usage = chunk.usage ?? usage;
}

const whole = await client.chat.completions.create({ model, messages: [...messages] });
const search = await client.vectorStores.search(model.split("@")[1], { query: question, max_num_results: 3 });
let unknown = null;
try {
  await client.chat.completions.create({ model: "no-such-model", messages: [...messages] });
} catch (fault) {
  unknown = { status: fault.status, code: fault.code };
}

console.log(JSON.stringify({ model, streamed, chunks, annotations, usage, whole: whole.choices[0].message, found: search.data.map(hit => hit.filename), unknown }));
