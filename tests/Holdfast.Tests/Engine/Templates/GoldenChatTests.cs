using System.Text.Json;
using Holdfast.Engine.Gguf;
using Holdfast.Engine.Templates;
using Holdfast.Engine.Tokenizing;
using Holdfast.Tests.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Templates;

public sealed class GoldenChatTests
{
    [Fact]
    public void The_golden_chats_render_byte_for_byte_and_encode_safely()
    {
        using var file = GgufFile.Open(SharedFolder.Need(VocabularyFiles.SmolLm2));
        var tokenizer = new Tokenizer(TokenizerFile.Read(file.Metadata));
        var template = ChatTemplate.Load(file.Metadata.Need("tokenizer.chat_template"));
        var compared = 0;
        foreach (var line in File.ReadLines(SharedFolder.Need("models/golden/smollm2/chat.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var row = document.RootElement;
            var context = JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement>
            {
                ["messages"] = row.GetProperty("messages"),
                ["add_generation_prompt"] = row.GetProperty("add_generation_prompt"),
            });
            var chat = template.Render(TemplateCases.Request(context), TemplateCases.Settings(context));
            Assert.Null(chat.Fault);
            Assert.Equal(row.GetProperty("prompt").GetString(), chat.Text);
            var wanted = row.TryGetProperty("ids_content_literal", out var literal) ? literal : row.GetProperty("ids");
            Assert.Equal(wanted.EnumerateArray().Select(e => e.GetInt32()), tokenizer.EncodePrompt(chat.Spans));
            compared++;
        }

        Assert.Equal(26, compared);
    }
}
