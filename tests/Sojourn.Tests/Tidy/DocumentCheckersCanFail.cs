namespace Sojourn.Tests.Tidy;

public sealed class DocumentCheckersCanFail
{
    private static readonly string[] Files =
        ["src/Sojourn/Kind.cs", "docs/http.md", "docs/kinds/play.md", "README.md", "build.sh"];

    [Theory]
    [InlineData("See [the API](http.md#errors), [play](kinds/play.md) and [home](../README.md).", 0)]
    [InlineData("See [more](more.md).", 1)]
    [InlineData("See [the world](https://example.org/x) and [above](#above).", 0)]
    [InlineData("`src/Sojourn/Kind.cs:12` and `docs/kinds/*`", 0)]
    [InlineData("`src/Sojourn/Gone.cs`", 1)]
    [InlineData("`tests/*/Gone`", 1)]
    public void A_path_that_leads_nowhere_is_found(string text, int findings) =>
        DocumentPaths.Check(Document(text), Files.Contains, Files).Count().ShouldBe(findings);

    [Theory]
    [InlineData("`./build.sh test` and `./build.sh test Parties`", 0)]
    [InlineData("`./build.sh fly`", 1)]
    [InlineData("`sojourn serve --port 8080` with `--data DIR`", 0)]
    [InlineData("`sojourn fly`", 1)]
    [InlineData("`--gone`", 1)]
    [InlineData("```\n$ ./sojourn serve \\\n    --gone | jq --raw-output\n```", 1)]
    [InlineData("```\ncurl --silent localhost\n```", 0)]
    public void A_verb_or_option_that_nobody_knows_is_found(string text, int findings)
    {
        SourceFile[] programs =
        [
            new("src/Sojourn.Cli/ServeVerb.cs", "new Verb(\"serve\", new Option(\"--port\"), new Option(\"--data\"));"),
        ];
        var door = new SourceFile("build.sh", "case $1 in\n    test) run_tests ;;\nesac");
        DocumentCommands.Check(Document(text), programs, door).Count().ShouldBe(findings);
    }

    [Theory]
    [InlineData("`MemoryStore`, `Kind<MyState>` and `Durable`", 0)]
    [InlineData("`DiskStore`", 1)]
    [InlineData("`IGone<T>`", 1)]
    public void A_type_that_is_not_there_is_found(string text, int findings)
    {
        var known = DocumentNames.Known([new SourceFile("src/Sojourn/Sample.cs", "class MemoryStore; class MyState;")]);
        DocumentNames.Check(Document(text), known).Count().ShouldBe(findings);
    }

    private static SourceFile Document(string text) => new("docs/sample.md", text);
}
