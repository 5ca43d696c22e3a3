using System.Text;
using Sojourn.Kinds.Agents.Acp;

namespace Sojourn.Tests.Agents.Acp;

/// <summary>What each line of the Agent Client Protocol means.</summary>
public sealed class AcpLinesTests
{
    public static TheoryData<string> Names => [.. GoldenLines.Names("Acp")];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_line_means_what_is_written_beside_it(string name)
    {
        List<string> answers = [];
        var talk = new AcpTalk(3, line => answers.Add(Encoding.UTF8.GetString(line)));
        talk.Open("s1");
        talk.OpenPromptOf("p1").ShouldBe(1);
        GoldenLines.Check("Acp", name, talk.Take);
        answers.ShouldAllBe(line => line.EndsWith('\n')
            && line.StartsWith("{\"jsonrpc\":\"2.0\",\"id\":", StringComparison.Ordinal));
    }
}
