using System.Collections.Frozen;
using System.Text.Json;
using Holdfast.Abstractions.Answering;

namespace Holdfast.Gateway.Wire;

/// <summary>
/// Members that change what an answer is and that only some upstreams understand: they go to those as they came, and a backend of this
/// process refuses them, unless the value only says "as usual". Hints that change no answer (<c>user</c>, <c>metadata</c>,
/// <c>prediction</c>, <c>service_tier</c>) are not among them.
/// </summary>
internal static class UpstreamMembers
{
    // What clients send to say "as usual"; null, an empty text and an empty list say so everywhere.
    private static readonly string[] Off = ["false", "0"];
    private static readonly string[] One = ["1"];
    private static readonly string[] On = ["true"];
    private static readonly string[] NoCut = ["false", "\"NONE\"", "\"none\"", "\"disabled\""];

    private static readonly FrozenDictionary<string, JsonElement[]> Usual = new Dictionary<string, string[]>
    {
        ["add_generation_prompt"] = On,
        ["add_special_tokens"] = On,
        ["allowed_token_ids"] = Off,
        ["audio"] = Off,
        ["bad_words"] = Off,
        ["best_of"] = One,
        ["cache_salt"] = Off,
        ["chat_template"] = Off,
        ["continue_final_message"] = Off,
        ["detokenize"] = On,
        ["documents"] = Off,
        ["dry_multiplier"] = Off,
        ["echo"] = Off,
        ["embd_normalize"] = ["2"],
        ["function_call"] = ["\"none\""],
        ["functions"] = Off,
        ["grammar"] = Off,
        ["guided_choice"] = Off,
        ["guided_grammar"] = Off,
        ["guided_json"] = Off,
        ["guided_regex"] = Off,
        ["ignore_eos"] = Off,
        ["include_reasoning"] = On,
        ["include_stop_str_in_output"] = Off,
        ["instruction"] = [],
        ["json_schema"] = Off,
        ["length_penalty"] = One,
        ["logits_processors"] = Off,
        ["min_tokens"] = Off,
        ["mirostat"] = Off,
        ["modalities"] = ["[\"text\"]"],
        ["n_predict"] = [],
        ["normalize"] = On,
        ["pooling"] = [],
        ["prompt_embeds"] = Off,
        ["prompt_logprobs"] = ["false"],
        ["repeat_penalty"] = One,
        ["return_token_ids"] = Off,
        ["return_tokens_as_token_ids"] = Off,
        ["skip_special_tokens"] = On,
        ["spaces_between_special_tokens"] = On,
        ["stop_token_ids"] = Off,
        ["structured_outputs"] = ["{}"],
        ["suffix"] = Off,
        ["truncate"] = NoCut,
        ["truncate_prompt_tokens"] = NoCut,
        ["truncation"] = NoCut,
        ["typical_p"] = One,
        ["use_beam_search"] = Off,
        ["web_search_options"] = [],
        ["xtc_probability"] = Off,
    }.ToFrozenDictionary(m => m.Key, m => m.Value.Select(v => JsonElement.Parse(v)).ToArray(), StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, JsonElement[]>.AlternateLookup<ReadOnlySpan<char>> Lookup = Usual.GetAlternateLookup<ReadOnlySpan<char>>();

    public static string? Find(ReadOnlySpan<char> name) => Lookup.ContainsKey(name) ? name.ToString() : null;

    /// <summary>True for a member that lets an upstream cut the prompt.</summary>
    public static bool LetsCut(string name) => name.StartsWith("truncat", StringComparison.Ordinal);

    /// <summary>False for a value that says "as usual", and where the member means nothing.</summary>
    public static bool AsksForMore(CallKind kind, string name, JsonElement asked) => IsOf(kind, name) && asked.ValueKind switch
    {
        JsonValueKind.Null => false,
        JsonValueKind.String when asked.ValueEquals("") => false,
        JsonValueKind.Array when asked.GetArrayLength() == 0 => false,
        _ => !Usual[name].Any(usual => JsonElement.DeepEquals(usual, asked)),
    };

    private static bool IsOf(CallKind kind, string name) => name switch
    {
        // Words of vectors, and of nothing else.
        "embd_normalize" or "instruction" or "normalize" or "pooling" => kind == CallKind.Embedding,
        // The template of a chat says which special tokens stand where.
        "add_special_tokens" => kind != CallKind.Chat,
        _ => true,
    };
}
