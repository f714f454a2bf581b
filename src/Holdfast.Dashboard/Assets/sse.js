// Reads a stream of server-sent events as JSON objects, up to "[DONE]".

/**
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<any, boolean, void>} returns true when the stream said that it is done
 */
export async function* frames(body) {
  const reader = body.pipeThrough(/** @type {ReadableWritablePair<string, any>} */ (new TextDecoderStream())).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return false;
    }
    rest += value;
    const lines = rest.split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith("data:")) {
        continue;
      }
      const data = line.slice(5).trim();
      if (data === "[DONE]") {
        return true;
      }
      yield JSON.parse(data);
    }
  }
}
