using System.CommandLine;
using System.Globalization;

namespace Sojourn.Cli.Explorer;

/// <summary>Options that take a whole number, and say in words which ones they take.</summary>
internal static class WholeNumber
{
    /// <param name="name">With its dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="least">The smallest that it takes.</param>
    /// <param name="most">The greatest.</param>
    /// <param name="usual">What it is if it is not given; null for nothing.</param>
    public static Option<int?> Option(
        string name, string description, int least, int most = int.MaxValue, int? usual = null)
    {
        var option = new Option<int?>(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
            {
                var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
                if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    && number >= least && number <= most)
                {
                    return number;
                }

                var range = most == int.MaxValue ? $"of at least {least:N0}" : $"from {least:N0} to {most:N0}";
                result.AddError(string.Create(CultureInfo.InvariantCulture,
                    $"{name} takes a whole number {range}; '{PlainText.Line(text, 40)}' is none."));
                return null;
            },
        };
        if (usual is not null)
            option.DefaultValueFactory = _ => usual;
        return option;
    }
}
