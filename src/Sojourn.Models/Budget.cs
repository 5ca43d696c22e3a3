using System.Globalization;
using Sojourn.Kinds.Generation;

namespace Sojourn.Models;

/// <summary>What calls cost, and whether a session may have another one.</summary>
internal sealed class Budget(ModelOptions options)
{
    private const decimal Million = 1_000_000;

    private readonly bool _textIsFree = options is { InputPrice: 0, OutputPrice: 0 };

    /// <summary>A text call is admitted while something is left: what it will use is known only afterwards.</summary>
    /// <exception cref="ModelException">Nothing is left.</exception>
    public void AdmitText(Usage used)
    {
        var tokens = used.PromptTokens + used.CompletionTokens;
        if (tokens >= options.MaxTokens)
        {
            throw Reached(string.Create(CultureInfo.InvariantCulture,
                $"has used {tokens:N0} tokens of {options.MaxTokens:N0}"), nameof(ModelOptions.MaxTokens));
        }

        if (!_textIsFree && used.Cost >= options.MaxCost)
        {
            throw Reached(Costs(used), nameof(ModelOptions.MaxCost));
        }
    }

    /// <summary>A picture's price is known, so it is admitted if there is enough left for it.</summary>
    /// <exception cref="ModelException">There is not.</exception>
    public void AdmitPicture(Usage used)
    {
        if (used.Cost + options.PicturePrice > options.MaxCost)
        {
            throw Reached(string.Create(CultureInfo.InvariantCulture,
                $"{Costs(used)}, and a picture costs {options.PicturePrice:0.####}"), nameof(ModelOptions.MaxCost));
        }
    }

    public Usage OfText(long promptTokens, long completionTokens) => new(
        PromptTokens: promptTokens,
        CompletionTokens: completionTokens,
        Cost: ((promptTokens * options.InputPrice) + (completionTokens * options.OutputPrice)) / Million);

    public Usage OfPicture() => new(Images: 1, Cost: options.PicturePrice);

    private string Costs(Usage used) => string.Create(CultureInfo.InvariantCulture,
        $"has cost {used.Cost:0.####} of {options.MaxCost:0.####}");

    private static ModelException Reached(string used, string option) => new(
        $"The budget is reached: this generation {used}. Raise {option} and retry; what is finished is kept.");
}
