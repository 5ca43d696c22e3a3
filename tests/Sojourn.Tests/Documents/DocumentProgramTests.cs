using System.Net;
using System.Net.Http.Headers;
using Sojourn.Kinds.Explorer;
using Sojourn.Kinds.Play.Cloud;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Server;
using Sojourn.Tests.Tidy;

namespace Sojourn.Tests.Documents;

/// <summary>What stands in a document as code is compiled, run, and prints what the document says.</summary>
[Collection(Lane.FirstProcesses)]
public sealed class DocumentProgramTests
{
    private static readonly string[] Documents =
    [
        "docs/kinds.md", "docs/embedding.md", "docs/testing.md", "docs/client.md", "docs/explorer.md", "docs/saves.md",
        "docs/play.md", "docs/cloud-slots.md",
    ];

    private static readonly string[] OfClients = ["docs/client.md", "docs/explorer.md", "docs/cloud-slots.md"];

    public static TheoryData<string, string> Programs
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var document in Documents)
            {
                foreach (var program in Of(document).Where(program => program.Output is not null))
                {
                    rows.Add(document, program.Name);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_program_in_a_document_prints_what_the_document_says(string document, string name)
    {
        var program = Of(document).Single(each => each.Name == name);
        using var directory = new ScratchDirectory();
        await using var server = await ServerUnderTest.StartAsync(also: kinds => kinds.AddExplorer().AddCloudSlots());
        await using var running = program.Start(
            directory, [], ("SOJOURN_URL", server.Url.OriginalString), ("SOJOURN_KEY", ServerUnderTest.Key));

        (await running.ExitAsync()).ShouldBe(0, running.Error);

        running.Output.Trim().ShouldBe(program.Output);
    }

    [Fact]
    public async Task The_web_application_of_the_document_counts_its_visits_over_a_restart()
    {
        var program = Of("docs/embedding.md").Single(each => each.Name == "web");
        using var directory = new ScratchDirectory();
        for (var visit = 1; visit <= 2; visit++)
        {
            await using var running = program.Start(
                directory, ["--urls", "http://127.0.0.1:0"], ("SOJOURN_KEY", ServerUnderTest.Key));
            var url = (await running.WaitForLineAsync("Now listening on: ")).Split("on: ")[1].Trim();
            using var http = new HttpClient { BaseAddress = new Uri(url) };

            (await http.GetStringAsync("/")).ShouldBe($"visit {visit}");
            (await http.GetAsync("/v1/counter/visits")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServerUnderTest.Key);
            (await http.GetStringAsync("/v1/counter/visits")).ShouldContain($"\"total\":{visit}");

            await running.SignalAsync("TERM");
            (await running.ExitAsync()).ShouldBe(0, running.Error);
        }
    }

    [Fact]
    public void No_code_in_these_documents_is_left_out()
    {
        foreach (var document in Documents)
        {
            var programs = Of(document);
            programs.ShouldNotBeEmpty(document);
            programs.ShouldAllBe(program => program.Name != "", document);
            programs.Where(program => program.Output is null).Select(program => program.Name)
                .ShouldBe(document == "docs/embedding.md" ? ["web"] : [], document);
        }
    }

    [Fact]
    public void The_kind_that_is_explained_is_shorter_than_forty_lines()
    {
        var text = SourceTree.Here.Find("docs/kinds.md")!.Text;
        var block = text.Split("```csharp shared\n")[1].Split("```")[0];

        block.Split('\n').Count(line => line.Trim().Length > 0).ShouldBeLessThan(40);
    }

    private static IReadOnlyList<DocumentProgram> Of(string document) =>
    [
        .. DocumentProgram.In(SourceTree.Here.Find(document)!.Text)
            .Select(program => program with { IsClient = OfClients.Contains(document) }),
    ];
}
