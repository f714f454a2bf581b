using Holdfast.Engine.Gguf;
using Holdfast.Tests.Engine.Tokenizing;

namespace Holdfast.Tests.Engine.Models;

/// <summary>A random model of a megabyte with a vocabulary and a chat template: it talks nonsense, the same nonsense each time, and goes through every part of serving.</summary>
internal static class TinyChatModel
{
    public const string Template =
        "{% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    public static byte[] Make(string? template = Template, bool hasMerges = true, TensorType type = TensorType.Q4_0)
    {
        var vocabulary = SmallVocabulary.Data("smollm");
        return SyntheticModel.Make("llama", type, hasOwnHead: false, vocabulary: hasMerges ? vocabulary : vocabulary with { Merges = [] }, template: template);
    }
}
