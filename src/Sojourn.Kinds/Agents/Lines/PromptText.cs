using System.Text;

namespace Sojourn.Kinds.Agents.Lines;

/// <summary>What an agent is given to read for a prompt.</summary>
internal static class PromptText
{
    /// <summary>
    /// The text alone, or with a document: the document, what is selected in it and which part may be changed, what is
    /// asked, and the form of the answer, which <see cref="DocumentReply"/> reads.
    /// </summary>
    public static string Of(Prompt prompt)
    {
        if (prompt.Context is not { } context)
        {
            return prompt.Text;
        }

        var text = new StringBuilder();
        text.Append("# The document (").Append(context.Content.Length).AppendLine(" UTF-16 units)").AppendLine()
            .AppendLine(context.Content).AppendLine();
        if (context.Selection is { } selection)
        {
            text.AppendLine("# What is selected in it").AppendLine().AppendLine(selection).AppendLine();
        }

        return text.AppendLine("# What may be changed").AppendLine().AppendLine(Rule(context)).AppendLine()
            .AppendLine("# What is asked").AppendLine().AppendLine(prompt.Text).AppendLine()
            .AppendLine("# The form of your answer").AppendLine().Append(
                """
                Answer with one JSON object and nothing else, not in a fence:
                {"conversationMessage": "...", "documentUpdate": "..." or null, "updateRange": "a:b" or null}
                conversationMessage is what you say to the person. documentUpdate is the text that takes the place of
                the characters from a up to, but not including, b; both are null if the document stays as it is. Count
                in UTF-16 units from 0.
                """).ToString();
    }

    private static string Rule(DocumentContext context)
    {
        var length = context.Content.Length;
        return DocumentAddress.Range(context.Address, length) switch
        {
            null or (0, 0) => "Address 0:0: nothing. This is a conversation about the document.",
            (0, var to) when to == length =>
                $"Address 0:{length}: the whole document. An update of all of it has the updateRange \"0:{length}\".",
            (var from, var to) =>
                $"Address {from}:{to}: these characters alone. Unless less is to change, the updateRange is "
                    + $"\"{from}:{to}\".",
        };
    }
}
