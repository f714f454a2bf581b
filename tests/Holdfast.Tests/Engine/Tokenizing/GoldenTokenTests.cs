using System.Text.Json;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Tokenizing;

public sealed class GoldenTokenTests
{
    [Fact]
    public void All_texts_of_the_golden_file_give_its_ids_with_and_without_special_tokens()
    {
        var tokenizer = VocabularyFiles.SmolLm();
        var compared = 0;
        foreach (var line in File.ReadLines(SharedFolder.Need("models/golden/smollm2/tokenizer.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var row = document.RootElement;
            if (!row.TryGetProperty("text", out var property))
            {
                continue;
            }

            var text = property.GetString()!;
            var ids = Ids(row, "ids");
            Assert.True(ids.SequenceEqual(tokenizer.Encode(text, allowSpecial: false)), line);
            Assert.True((row.TryGetProperty("ids_special", out _) ? Ids(row, "ids_special") : ids).SequenceEqual(tokenizer.Encode(text, allowSpecial: true)), line);
            Assert.Equal(text, Detokenizer.Decode(tokenizer.Vocabulary, ids));
            compared++;
        }

        Assert.Equal(475, compared);
    }

    [Fact]
    public void A_chat_whose_user_writes_control_tokens_is_encoded_without_them()
    {
        var tokenizer = VocabularyFiles.SmolLm();
        var compared = 0;
        foreach (var line in File.ReadLines(SharedFolder.Need("models/golden/smollm2/chat.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var row = document.RootElement;
            var spans = new List<TextSpan>();
            var rest = row.GetProperty("prompt").GetString()!;
            foreach (var message in row.GetProperty("messages").EnumerateArray())
            {
                var content = message.GetProperty("content").GetString()!;
                var head = $"{message.GetProperty("role").GetString()}\n";
                var at = rest.IndexOf(head + content, StringComparison.Ordinal) + head.Length;
                spans.Add(new TextSpan(rest[..at], true));
                spans.Add(new TextSpan(content, false));
                rest = rest[(at + content.Length)..];
            }

            spans.Add(new TextSpan(rest, true));
            var wanted = Ids(row, row.TryGetProperty("ids_content_literal", out _) ? "ids_content_literal" : "ids");
            Assert.True(wanted.SequenceEqual(tokenizer.EncodePrompt(spans)), line);
            compared++;
        }

        Assert.Equal(26, compared);
    }

    [Fact]
    public void The_encoder_tokens_are_those_of_the_reference_library()
    {
        var tokenizer = new Tokenizer(VocabularyFiles.Data(SharedFolder.Need("models/all-minilm-l6-v2/all-MiniLM-L6-v2-Q8_0.gguf")));
        var (compared, differ) = (0, new List<string>());
        foreach (var line in File.ReadLines(SharedFolder.Need("models/golden/all-minilm-l6-v2/embeddings.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var row = document.RootElement;
            var text = row.GetProperty("text").GetString()!;
            var ids = Ids(row, "ids");
            // Rows where the reference turns the user's own "[CLS]" and "[MASK]" into special tokens: here they never become any.
            if (text.Contains("[CLS]", StringComparison.Ordinal) || text.Contains("[MASK]", StringComparison.Ordinal))
            {
                continue;
            }

            var own = tokenizer.Encode(text, allowSpecial: false);
            if (!ids[1..^1].SequenceEqual(own.Take(510)))
            {
                differ.Add($"{text} | {string.Join(' ', own)} | {string.Join(' ', ids)}");
            }

            compared++;
        }

        Assert.True(compared > 110);
        Assert.True(differ.Count == 0, string.Join('\n', differ));
    }

    private static int[] Ids(JsonElement row, string name) => [.. row.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];
}
