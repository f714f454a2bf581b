using Holdfast.Abstractions.Answering;
using Holdfast.Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Holdfast.Gateway.Files;

/// <summary>Reads the form of an upload, within the number of bytes and the total time of any body.</summary>
internal sealed class UploadReader(TimeProvider clock)
{
    /// <summary>Bytes of an upload in memory: each part of its form up to <see cref="PartHeldMax"/>, a longer file lies on the disk.</summary>
    public const long HeldBytesMax = 2L * FieldsMax * PartHeldMax;

    private const int FieldsMax = 20;
    private const int PartHeldMax = 64 << 10;
    private const int NameLengthMax = 300;

    public async Task<(IFormFile? File, string Purpose, AnswerFault? Fault)> ReadAsync(HttpContext context, long bytesMax, TimeSpan deadline)
    {
        var request = context.Request;
        if (request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) != true)
        {
            return (null, "", Refusals.MediaType("An upload is 'multipart/form-data' with the fields 'file' and 'purpose'."));
        }

        using var late = new CancellationTokenSource(deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        try
        {
            context.Features.Set<IFormFeature>(new FormFeature(request, new FormOptions
            {
                MultipartBodyLengthLimit = bytesMax,
                BufferBody = false,
                MemoryBufferThreshold = PartHeldMax,
                ValueCountLimit = FieldsMax,
                ValueLengthLimit = PartHeldMax,
                KeyLengthLimit = 200,
                MultipartHeadersCountLimit = 16,
                MultipartHeadersLengthLimit = 16 << 10,
                MultipartBoundaryLengthLimit = 128,
            }));
            var form = await request.ReadFormAsync(either.Token);
            var purpose = form["purpose"].ToString();
            if (form.Files is not [{ } file] || file.Name != "file")
            {
                return (null, "", Refusals.BadRequest("missing_parameter", "The form must hold one file in the field 'file'.", "file"));
            }

            return string.IsNullOrWhiteSpace(file.FileName) || file.FileName.Length > NameLengthMax
                ? (null, "", Refusals.BadRequest("invalid_value", $"The file needs a name of 1 to {NameLengthMax} characters.", "file"))
                : (file, purpose.Length == 0 ? "assistants" : purpose, null);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            return (null, "", Refusals.BodyTimeout($"The upload did not arrive within {deadline.TotalSeconds:0} s (gateway.limits.bodyDeadline)."));
        }
        catch (InvalidDataException broken)
        {
            return (null, "", Refusals.BadRequest("invalid_request", $"The form cannot be read: {broken.Message}", "file"));
        }
        catch (BadHttpRequestException bad) when (!BodyReader.IsEnd(bad))
        {
            return (null, "", BodyReader.FromServer(bad, bytesMax, "gateway.limits.uploadBytesMax"));
        }
    }
}
