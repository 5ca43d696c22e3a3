#pragma warning disable OPENAI001 // The constructors that take a policy for the key are marked as experimental.

using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Images;
using Sojourn.Kinds.Generation;

namespace Sojourn.Models;

/// <summary>One request, one answer: chat completions and images, over the OpenAI client.</summary>
internal sealed class ModelApi : IDisposable
{
    private readonly ModelOptions _options;
    private readonly Budget _budget;
    private readonly ServerAnswer _answers;
    private readonly HttpClient _http;
    private readonly HttpClientPipelineTransport _transport;
    private readonly ChatClient _chat;
    private readonly ImageClient _images;

    public ModelApi(ModelOptions options, Budget budget, ModelKey key, ServerAnswer answers)
    {
        (_options, _budget, _answers) = (options, budget, answers);
        // A picture in base 64 is a third larger; the rest is what stands around it.
        var limit = (options.MaxPictureBytes * 4L / 3) + (256 << 10);
        _http = AnswerLimit.NewClient(limit);
        _transport = new HttpClientPipelineTransport(_http);
        var client = new OpenAIClientOptions
        {
            Endpoint = new Uri(options.BaseUrl.TrimEnd('/')),
            Transport = _transport,
            // One policy for attempts and times, and it is the patient caller's.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false },
        };
        _chat = new ChatClient(options.TextModel, key.ToPolicy(), client);
        _images = new ImageClient(options.ImageModel, key.ToPolicy(), client);
    }

    /// <summary>Asks the text model once.</summary>
    /// <returns>What it said, which is hoped to be the JSON that was asked for.</returns>
    public async Task<string> AskAsync(Question question, string? complaint, Bill bill, CancellationToken stop)
    {
        _budget.AdmitText(bill.Total);
        List<ChatMessage> messages = [new SystemChatMessage(question.Task), new UserChatMessage(question.Material)];
        if (complaint is not null)
        {
            messages.Add(new UserChatMessage(
                $"Your last answer could not be used: {complaint} Answer again, as the schema says."));
        }

        var answer = await SendAsync(bill, _options.TextModel, async () =>
        {
            var form = ChatResponseFormat.CreateJsonSchemaFormat(
                question.Name, BinaryData.FromString(question.Schema), jsonSchemaIsStrict: true);
            var options = new ChatCompletionOptions
            {
                ResponseFormat = form,
                MaxOutputTokenCount = _options.MaxOutputTokens,
            };
            return Said.Of(await _chat.CompleteChatAsync(messages, options, stop));
        });
        var asked = Estimate(question.Task) + Estimate(question.Material);
        if (answer is null)
        {
            bill.Add(_budget.OfText(asked, 0));
            throw NoAnswer();
        }

        // Some servers do not count; a budget must hold for them too.
        bill.Add(_budget.OfText(answer.PromptTokens ?? asked, answer.CompletionTokens ?? Estimate(answer.Text)));
        return Checked(answer);
    }

    /// <summary>Has a picture drawn.</summary>
    /// <returns>Its bytes, or where they are.</returns>
    public async Task<GeneratedImage> DrawAsync(string prompt, Bill bill, CancellationToken stop)
    {
        _budget.AdmitPicture(bill.Total);
        var options = new ImageGenerationOptions();
        if (_options.ImageSize?.Split('x') is [var width, var height])
        {
            options.Size = new GeneratedImageSize(int.Parse(width), int.Parse(height));
        }

        // These always answer with bytes, and refuse a request that asks them to.
        if (!_options.ImageModel.StartsWith("gpt-image", StringComparison.OrdinalIgnoreCase))
        {
            options.ResponseFormat = GeneratedImageFormat.Bytes;
        }

        var image = await SendAsync(bill, _options.ImageModel,
            async () => (await _images.GenerateImageAsync(prompt, options, stop)).Value);
        // Also one that cannot be used has been drawn, and will be charged.
        bill.Add(_budget.OfPicture());
        return image ?? throw NoAnswer();
    }

    public void Dispose()
    {
        _transport.Dispose();
        _http.Dispose();
    }

    /// <returns>The answer; null if it is not the JSON that the protocol asks for.</returns>
    private async Task<T?> SendAsync<T>(Bill bill, string model, Func<Task<T>> send)
        where T : class
    {
        bill.Add(new Usage(Calls: 1));
        try
        {
            return await send();
        }
        catch (ClientResultException failure)
        {
            throw _answers.Of(failure, model);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw ServerAnswer.Unreached(failure);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The client reads answers without checking them first, so a wrong one shows in many ways.
            return null;
        }
    }

    private string Checked(Said answer)
    {
        if (answer.IsRefusal)
        {
            throw new ModelException("The model refuses to work on this part of the story. Change the story, or "
                + "configure another model, and retry.");
        }

        return !answer.IsCut ? answer.Text : throw new ModelException(
            $"The answer was cut at {_options.MaxOutputTokens} tokens ({nameof(ModelOptions.MaxOutputTokens)}).",
            Cure.AskAgain);
    }

    private static ModelException NoAnswer() =>
        new("The answer of the model's server is not what the protocol asks for.", Cure.AskAgain);

    private static long Estimate(string text) => (Encoding.UTF8.GetByteCount(text) + 3) / 4;

    /// <summary>What matters of an answer, read where a malformed one is expected.</summary>
    private sealed record Said(string Text, long? PromptTokens, long? CompletionTokens, bool IsRefusal, bool IsCut)
    {
        public static Said Of(ChatCompletion answer) => new(
            string.Concat(answer.Content.Select(part => part.Text)),
            answer.Usage?.InputTokenCount,
            answer.Usage?.OutputTokenCount,
            !string.IsNullOrEmpty(answer.Refusal) || answer.FinishReason == ChatFinishReason.ContentFilter,
            answer.FinishReason == ChatFinishReason.Length);
    }
}
