using System.Text.Json;
using Holdfast.Abstractions.Answering;
using Holdfast.Engine.Constraints;
using Holdfast.Engine.Templates;
using Holdfast.Engine.Tokenizing;

namespace Holdfast.Engine.Serving;

/// <summary>
/// Requests to token ids. Only the template can produce special tokens; what callers wrote is always text. A prompt that cannot fit
/// whatever its tokens are is not tokenised: 15 MB of one letter would take seconds and twenty times its memory to be refused.
/// </summary>
internal sealed class PromptBuilder(LoadedModel model, int contextTokens, TimeProvider time)
{
    private readonly string? _bos = model.Tokenizer.NameOf(model.Tokenizer.Data.Bos);
    private readonly string? _eos = model.Tokenizer.NameOf(model.Tokenizer.Data.Eos);

    /// <summary>One prompt for a chat, one for each input of a completion.</summary>
    public Prompts Build(CallKind kind, ChatRequest request, CancellationToken cancellationToken)
    {
        if (HalfPairs.Find(request) is { } member)
        {
            return new Prompts([], ThinkingStart.None, ServingFaults.Invalid($"{member} holds half of a surrogate pair (\\ud800 to \\udfff alone); no text can hold it", member));
        }

        if (kind == CallKind.Completion)
        {
            return Completions(request);
        }

        if (model.Template is null)
        {
            return new Prompts([], ThinkingStart.None, ServingFaults.Invalid("the model's file has no chat template; use /v1/completions", "messages"));
        }

        if (ChatContext.LostArgument(request) is { } lost)
        {
            return new Prompts([], ThinkingStart.None, ServingFaults.Unsupported($"'{lost}' cannot be set by chat_template_kwargs: the engine sets it", "chat_template_kwargs"));
        }

        if (CallHistory.Fault(request) is { } call)
        {
            return new Prompts([], ThinkingStart.None, ServingFaults.Invalid(call, "messages"));
        }

        var form = AnswerForms.Of(request, model.Template.ToolFormat, model.Tokenizer.Writable, model.Template.ToolsFault);
        if (form.Fault is not null)
        {
            return new Prompts([], ThinkingStart.None, ServingFaults.Unsupported(form.Fault, form.Param ?? "response_format"));
        }

        var chat = WholeChat.Render(model.Template, form.Request, new RenderSettings
        {
            Now = time.GetLocalNow(),
            BosToken = _bos,
            EosToken = _eos,
            HidesTools = form.HidesTools,
            CancellationToken = cancellationToken,
        });
        if (chat.Fault is not null)
        {
            return new Prompts([], ThinkingStart.None, ServingFaults.Invalid(chat.Fault, "messages"));
        }

        if (Least(chat.Spans) is { } least)
        {
            return new Prompts([], ThinkingStart.None, null) { Least = least };
        }

        var ids = model.Tokenizer.EncodePrompt(chat.Spans);
        return ids.Count == 0
            ? new Prompts([], ThinkingStart.None, ServingFaults.Invalid("the prompt is empty", "messages"))
            : new Prompts([ids], chat.Thinking, null) { Form = form };
    }

    /// <summary>The least number of tokens of a text where the context cannot hold that many, else null.</summary>
    public int? Least(IReadOnlyList<TextSpan> spans) => model.Tokenizer.LeastTokens(spans) is var least && least > contextTokens ? least : null;

    private Prompts Completions(ChatRequest request)
    {
        if (request.Inputs.Count == 0)
        {
            return new Prompts([], ThinkingStart.None, ServingFaults.Unsupported("'prompt' holds token numbers or nothing; this engine takes a string or an array of strings", "prompt"));
        }

        if (request.Tools is { ValueKind: JsonValueKind.Array } tools && tools.GetArrayLength() > 0)
        {
            return new Prompts([], ThinkingStart.None, ServingFaults.Unsupported("tools belong to a chat: a completion's prompt has no place for them; use /v1/chat/completions", "tools"));
        }

        var form = AnswerForms.Of(request, ToolFormat.None, model.Tokenizer.Writable);
        if (form.Fault is not null)
        {
            return new Prompts([], ThinkingStart.None, ServingFaults.Unsupported(form.Fault, form.Param ?? "response_format"));
        }

        if (request.Inputs.Select(i => Least([new TextSpan(i, false)])).Max() is { } least)
        {
            return new Prompts([], ThinkingStart.None, null) { Least = least };
        }

        var prompts = request.Inputs.Select(i => (IReadOnlyList<int>)model.Tokenizer.EncodePrompt([new TextSpan(i, false)])).ToList();
        return prompts.Exists(p => p.Count == 0)
            ? new Prompts([], ThinkingStart.None, ServingFaults.Invalid("a prompt is empty, and this model has no begin token", "prompt"))
            : new Prompts(prompts, ThinkingStart.None, null) { Form = form };
    }
}
